"""Transfer encodings, damaged in the ways in which they arrive."""

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis.strategies import binary, sampled_from

from domain.mail import TransferEncoding
from tasks.mail import uuencode
from tasks.mail.transfer import (
    content_of,
    encoding_of,
    from_base64,
    from_quoted_printable,
    size_of,
)


@pytest.mark.parametrize(
    ("value", "encoding"),
    [
        (b" base64", TransferEncoding.BASE64),
        (b"\r\n BASE64 (as always)", TransferEncoding.BASE64),
        (b'"base64";', TransferEncoding.BASE64),
        (b"Quoted-Printable", TransferEncoding.QUOTED_PRINTABLE),
        (b"quoted_printable", TransferEncoding.QUOTED_PRINTABLE),
        (b"x-uuencode", TransferEncoding.UUENCODE),
        (b"8 bit", TransferEncoding.IDENTITY),
        (b"utf-8", TransferEncoding.IDENTITY),
        (b"", TransferEncoding.IDENTITY),
    ],
)
def test_an_encoding_is_known_by_any_spelling(value, encoding):
    assert encoding_of(value) is encoding


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        (b"SGFsbG8=", b"Hallo"),
        (b"SGFs\r\nbG8=\r\n", b"Hallo"),
        (b"SGFsbG8", b"Hallo"),
        (b"SGFsbG8======", b"Hallo"),
        (b"SGFs*bG8=", b"Hallo"),
        (b"SGFsbG8=\r\n-- \r\nThe footer of a list", b"Hallo"),
        (b"SGFsbG8=\r\nIFdlbHQ=", b"Hallo Welt"),
        (b"SGFsbG8gV", b"Hallo "),
        (b"Pz8_Pz8-", b"???>?>?"[:3] + b"??>"),
        (b"", b""),
        (b"=", b""),
        (b"S", b""),
    ],
)
def test_base64_gives_what_is_left_of_it(text, octets):
    assert from_base64(text) == octets


def test_damage_is_noticed():
    text = base64.b64encode(b"a small file")

    whole = content_of(text, 0, len(text), TransferEncoding.BASE64)
    cut = content_of(text, 0, len(text) - 2, TransferEncoding.BASE64)

    assert (whole.damaged, cut.damaged) == (False, True)


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        (b"=C3=BC", "ü".encode()),
        (b"=c3=bc", "ü".encode()),
        (b"soft=\r\n break", b"soft break"),
        (b"soft=  \r\n break", b"soft break"),
        (b"soft=\r break", b"soft break"),
        (b"bad =ZZ, =5", b"bad =ZZ, =5"),
        (b"end=", b"end"),
        (b"plain", b"plain"),
    ],
)
def test_quoted_printable_keeps_what_it_cannot_read(text, octets):
    assert from_quoted_printable(text) == octets


def uuencoded(octets):
    lines = (octets[start : start + 45] for start in range(0, len(octets), 45))
    return b"begin 644 a.txt\r\n" + b"".join(map(binascii.b2a_uu, lines)) + b"`\r\nend\r\n"


def test_a_uuencoded_file_is_decoded_out_of_its_span():
    octets = bytes(range(256)) * 3
    text = b"Hello,\r\n" + uuencoded(octets) + b"Regards"

    (file,) = uuencode.files(text, 0, len(text))

    assert file.name == b"a.txt"
    assert uuencode.decoded(text[file.start : file.end]) == octets
    assert text[: file.start] + text[file.end :] == b"Hello,\r\nRegards"


@pytest.mark.parametrize(
    "text",
    [
        b"begin 1 more time",
        b"begin 644 is a file mode\r\nand this a sentence\r\nend\r\n",
        b"to begin 644 x\r\n#0V%T\r\nend\r\n",
        b"begin 644 x",
        b"",
    ],
)
def test_a_sentence_is_no_uuencoded_file(text):
    assert list(uuencode.files(text, 0, len(text))) == []


def test_a_uuencoded_file_without_an_end_goes_as_far_as_its_lines():
    text = b"begin 644 x\r\n#0V%T\r\n"

    (file,) = uuencode.files(text, 0, len(text))

    assert uuencode.decoded(text[file.start : file.end]) == b"Cat"


@pytest.mark.parametrize("encoding", TransferEncoding)
@given(octets=binary(max_size=300), ends=sampled_from([b"\n", b"\r\n"]), spoiled=binary(max_size=3))
def test_a_size_is_that_of_the_decoded_octets(encoding, octets, ends, spoiled):
    written = base64.encodebytes(octets).replace(b"\n", ends)
    for raw in (written, written + spoiled, spoiled + written, written[:-3], octets):
        decoded = content_of(raw, 0, len(raw), encoding)

        assert size_of(raw, 0, len(raw), encoding) == (len(decoded.octets), decoded.damaged)
