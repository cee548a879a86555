"""A message's parts, however its boundaries were treated."""

import pytest

from tasks.mail.header_block import read_headers
from tasks.mail.structure import MAX_DEPTH, MAX_MESSAGE, MAX_PARTS, read_structure


def bodies(raw):
    return [raw[part.start : part.end] for part in read_structure(raw).leaves]


def multipart(body, parameters=b"; boundary=x"):
    return b"Content-Type: multipart/mixed" + parameters + b"\n\n" + body


@pytest.mark.parametrize(
    "raw",
    [
        multipart(b"--x\n\none\n--x\n\ntwo\n--x--\n"),
        multipart(b"--x\n\none\n--x\n\ntwo\n--x--"),
        multipart(b"--x\n\none\n--x\n\ntwo"),
        multipart(b"preamble\n--x  \n\none\n--x\t\n\ntwo\n--x-- \nepilogue"),
        multipart(b"--x\n\none\n--x--\nepilogue\n--x\n\ntwo\n--x--"),
        multipart(b"--x\n\none\n--x\n\ntwo\n--x--", b'; boundary="x "'),
        multipart(b"--x=_(y)'/?\n\none\n--x=_(y)'/?\n\ntwo", b'; boundary="x=_(y)\'/?"'),
        multipart(
            b"--" + b"x" * 90 + b"\n\none\n--" + b"x" * 90 + b"\n\ntwo", b"; boundary=" + b"x" * 90
        ),
        multipart(b"----abc\n\none\n----abc\n\ntwo", b""),
        multipart(b"----abc\n\none\n----abc\n\ntwo", b"; boundary=wrong"),
        multipart(b"--x\n\none\n--x\n\ntwo", b"; charset=utf-8; boundary=x"),
        b"Content-Type: multipart; boundary=x\n\n--x\n\none\n--x\n\ntwo",
        b"Content-Type: text/plain\n" + multipart(b"--x\n\none\n--x\n\ntwo"),
        b"Subject: no content type\n\n--abc\nContent-Type: text/plain\n\none\n--abc\n\ntwo",
        b"Content-Transfer-Encoding: base64\n" + multipart(b"--x\n\none\n--x\n\ntwo"),
        b"Content-Type: multipart/mixed; boundary=x\n--x\n\none\n--x\n\ntwo",
        multipart(b"--x\n\none\n--x\n\ntwo\n--x--").replace(b"\n", b"\r"),
    ],
)
def test_two_parts_are_found(raw):
    assert bodies(raw) == [b"one", b"two"]


def test_line_ends_may_differ_within_one_message():
    raw = b"Content-Type: multipart/mixed;\r boundary=x\r\n\n--x\r\n\r\none\n--x\n\r\ntwo\r\n--x--"

    assert bodies(raw) == [b"one", b"two"]


def test_a_boundary_may_begin_like_another():
    inner = multipart(b"--xy\n\ntwo\n--xy--\n", b"; boundary=xy")
    raw = multipart(b"--x\n\none\n--x\n" + inner + b"--x\n\nthree\n--x--")

    assert bodies(raw) == [b"one", b"two", b"three"]


def test_a_part_within_may_use_the_same_boundary():
    raw = multipart(b"--x\n" + multipart(b"--x\n\none\n--x--\n") + b"--x\n\ntwo\n--x--")

    assert bodies(raw) == [b"one", b"two"]


def test_an_unclosed_part_ends_where_the_one_around_it_goes_on():
    inner = multipart(b"--y\n\none\n", b"; boundary=y")
    raw = multipart(b"--x\n" + inner + b"--x\n\ntwo\n--x--")

    assert bodies(raw) == [b"one", b"two"]


def test_a_multipart_without_parts_stays_readable():
    raw = multipart(b"only text")

    assert bodies(raw) == [b"only text"]
    assert read_structure(raw).defects == ("A multipart holds no parts.",)


def test_parts_may_lack_headers_and_their_blank_line():
    raw = multipart(b"--x\nContent-Type: text/html\n--x\njust text\n--x--")

    assert bodies(raw) == [b"", b"just text"]


@pytest.mark.parametrize(
    ("content_type", "understood"),
    [
        (b"TEXT/HTML", "text/html"),
        (b"text", "text/plain"),
        (b"html", "text/html"),
        (b"text/html/x", "text/html"),
        (b"garbage \xff", "text/plain"),
        (b"application", "application/octet-stream"),
        (b"pdf; name=a.pdf", "application/octet-stream"),
        (b"", "text/plain"),
    ],
)
def test_a_broken_content_type_has_a_meaning(content_type, understood):
    raw = b"Content-Type: " + content_type + b"\n\nbody"

    assert read_structure(raw).root.content_type == understood


def nested(depth):
    levels = (
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )
    return b"".join(levels) + b"\ntext"


@pytest.mark.rule("R6")
@pytest.mark.parametrize(
    ("raw", "excess"),
    [
        (nested(MAX_DEPTH), ""),
        (nested(3_000), "The message is nested too deeply."),
        (multipart(b"--x\n\na\n" * (MAX_PARTS - 1)), ""),
        (multipart(b"--x\n\na\n" * 80_000), "The message has too many parts."),
        (b"X: y\n" * 100_000 + b"\nbody", "The header block is too long."),
        (b"Subject: " + b"x" * 1_000_000 + b"\n\nbody", "The header block is too long."),
        (
            multipart(b"--y\n" * 200_000),
            "The message has too many lines that look like delimiters.",
        ),
        (b"Subject: x\n\n" + bytes(MAX_MESSAGE), "The message is too large."),
    ],
    ids=["deep", "too-deep", "parts", "too-many-parts", "fields", "subject", "delimiters", "large"],
)
def test_what_is_beyond_the_limits_is_said_and_not_taken_apart(raw, excess):
    structure = read_structure(raw)

    assert structure.excess == excess
    assert not excess or structure.leaves == (structure.root,)


@pytest.mark.parametrize(
    "block",
    [
        b"From: a\nTo: b\n\nbody",
        b"From hans@x.example Mon Nov 23 10:00:00 2026\nFrom: a\nTo: b\n\nbody",
        b">From hans@x.example Mon Nov 23 10:00:00 2026\nFrom: a\nTo: b\n\nbody",
        b"From: a\nFrom hans@x.example Mon Nov 23 10:00:00 2026\nTo: b\n\nbody",
        b" continuation of nothing\nFrom: a\nTo: b\n\nbody",
        b"From: a\nno field at all\nTo: b\n\nbody",
        b"From: a\n: no name\nTo: b\n\nbody",
        b"From: a\nTo: b\nbody",
        b"From : a\nTo\t: b\n\nbody",
        b"From: a\r\r\nTo: b\r\r\n\r\r\nbody",
    ],
)
def test_fields_are_found_among_what_is_none(block):
    headers = read_headers(block, 0, len(block))

    assert headers.count == 2
    assert headers.first("from").strip() == b"a"
    assert headers.first("to").strip() == b"b"
    assert block[headers.body :] == b"body"


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xd8\xff\xe0 jpeg", b"just words", b"\0" * 100, b"\n\n"]
)
def test_garbage_has_no_fields(raw):
    assert read_structure(raw).root.headers.count == 0
