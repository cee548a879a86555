"""Addresses and messages are written as SMTP wants them, and nothing breaks out of them."""

import smtplib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.mail.smtp_content import closed, with_line_ends
from tasks.mail.smtp_paths import MAX_PATH, Unsendable, path

PIECES = st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"a", b"", "ü".encode(), b"\0"])


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        (b"a\r\nb\r\n", b"a\r\nb\r\n"),
        (b"a\nb\n", b"a\r\nb\r\n"),
        (b"a\rb\r", b"a\r\nb\r\n"),
        (b"a\n\rb", b"a\r\n\r\nb\r\n"),
        (b"a\r\r\nb", b"a\r\n\r\nb\r\n"),
        (b"a", b"a\r\n"),
        (b"", b"\r\n"),
    ],
)
def test_every_line_ends_by_crlf(raw, written):
    assert with_line_ends(raw) == written


@pytest.mark.parametrize(
    ("content", "written"),
    [
        (b"a\r\n", b"a\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r\n..b\r\n", b"a\r\n...b\r\n.\r\n"),
        (b"a.\r\n", b"a.\r\n.\r\n"),
    ],
)
def test_a_dot_that_begins_a_line_is_doubled(content, written):
    assert closed(content) == written


@given(st.lists(PIECES, max_size=12).map(b"".join))
@example(b"a\n.\r\nMAIL FROM:<eve@evil.example>\r\n")
@example(b"a\r\n.\rMAIL FROM:<eve@evil.example>\r\n")
def test_a_message_ends_nowhere_but_at_its_end(raw):
    written = closed(with_line_ends(raw))

    lines = written.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert lines[-2:] == [b".", b""]
    assert b"." not in lines[:-2]


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_a_server_reads_the_message_that_was_given(raw):
    lines = closed(with_line_ends(raw)).split(b"\r\n")[:-2]

    read = b"".join(line.removeprefix(b".") + b"\r\n" for line in lines)

    assert read == with_line_ends(raw)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("anna@one.example", b"anna@one.example"),
        ("o'hara+tag=x@one.example", b"o'hara+tag=x@one.example"),
        ("anna@[192.0.2.1]", b"anna@[192.0.2.1]"),
        ("anna@intranet", b"anna@intranet"),
        ('"anna.b"@one.example', b'"anna.b"@one.example'),
        ("anna@müller.example", b"anna@xn--mller-kva.example"),
        ("anna@straße.example", b"anna@xn--strae-oqa.example"),
        ("anna@MÜLLER.example", b"anna@xn--mller-kva.example"),
        ("a" * (MAX_PATH - 12) + "@one.example", b"a" * (MAX_PATH - 12) + b"@one.example"),
    ],
)
def test_an_address_is_written_with_an_ascii_domain(address, written):
    assert path(address) == written


def test_a_local_part_beyond_ascii_goes_by_smtputf8_only():
    assert path("jürgen@müller.example", utf8=True) == "jürgen@xn--mller-kva.example".encode()
    with pytest.raises(Unsendable, match="SMTPUTF8"):
        path("jürgen@müller.example")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "anna",
        "anna@",
        "@one.example",
        "anna@one.example\r\nDATA",
        "anna@one.example\n",
        "an\rna@one.example",
        "anna b@one.example",
        "anna\u00a0b@one.example",
        "anna\u2028@one.example",
        "anna\u0085@one.example",
        "anna@one.example> SIZE=1",
        "<anna@one.example>",
        "anna@one.example,ben@two.example",
        "anna@one.example;ben@two.example",
        "anna\0@one.example",
        "anna\x7f@one.example",
        "anna\u202e@one.example",
        "anna\ud800@one.example",
        "anna@one example",
        "anna@one..müller.example",
        "anna@one.example\u3002\u3000",
        "anna@[192.0.2.1",
        "anna@one/example",
        "a" * 300 + "@one.example",
        "a b" * 3_000,
        "anna@" + "ü" * 3_000,
    ],
)
@pytest.mark.parametrize("utf8", [False, True])
def test_what_is_no_address_is_refused_in_a_sentence(address, utf8):
    with pytest.raises(Unsendable) as refused:
        path(address, utf8)

    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 400


@given(st.text(max_size=20), st.text(max_size=20), st.booleans())
def test_no_address_breaks_out_of_its_brackets(local, domain, utf8):
    try:
        written = path(f"{local}@{domain}", utf8)
    except Unsendable:
        return

    assert not set(written) & set(b"<>\r\n \t\0,;")
    assert smtplib.quoteaddr(written.decode()).count(">") == 1
