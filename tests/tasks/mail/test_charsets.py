"""Charset labels that lie."""

import codecs

import pytest

from tasks.mail.charsets import codec_of, decoded


@pytest.mark.parametrize(
    ("label", "octets", "text"),
    [
        ("us-ascii", "Köln".encode(), "Köln"),
        ("us-ascii", "Köln".encode("latin-1"), "Köln"),
        ("iso-8859-1", "„10 €“".encode("cp1252"), "„10 €“"),
        ("iso-8859-1", "Köln".encode(), "Köln"),
        ("utf-8", "Köln".encode("latin-1"), "Köln"),
        ("utf-8", "Köln, ".encode() + "Ü".encode("latin-1"), "Köln, Ü"),
        ("utf-8", codecs.BOM_UTF8 + b"Hallo", "Hallo"),
        ("gb2312", "镕".encode("gb18030"), "镕"),
        ("ks_c_5601-1987", "똠".encode("cp949"), "똠"),
        ("euc-kr", "똠".encode("cp949"), "똠"),
        ("shift_jis", "①髙".encode("cp932"), "①髙"),
        ("big5", "十".encode("big5"), "十"),
        ("iso-8859-9", "ğ€".encode("cp1254"), "ğ€"),
        ("tis-620", "ไทย…".encode("cp874"), "ไทย…"),
        ("iso-8859-11", "ไทย".encode("cp874"), "ไทย"),
        ("iso-8859-8-i", "שלום".encode("iso-8859-8"), "שלום"),
        ("windows-1251", "Привет".encode("cp1251"), "Привет"),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет"),
        ("iso-8859-15", "10 €".encode("iso-8859-15"), "10 €"),
        ("iso-2022-jp", "日本".encode("iso-2022-jp"), "日本"),
        ("", "日本".encode("iso-2022-jp"), "日本"),
        ("utf-7", b"K+APY-ln", "Köln"),
        ("", b"K+APY-ln", "K+APY-ln"),
        ("utf-16", "Köln".encode("utf-16"), "Köln"),
        ("utf-16", "Köln".encode("utf-16-le"), "Köln"),
        ("utf-16", "Köln".encode("utf-16-be"), "Köln"),
        ("utf-16be", "Köln".encode("utf-16-be"), "Köln"),
        ("utf-16", b"really ascii", "really ascii"),
        ("", "Köln".encode("utf-16"), "Köln"),
        ("", "Köln".encode(), "Köln"),
        ("", "Köln".encode("latin-1"), "Köln"),
        ("x-unknown", "Köln".encode(), "Köln"),
        ("default", "Köln".encode("latin-1"), "Köln"),
        ("'utf-8'", "Köln".encode(), "Köln"),
        ("utf8", "Köln".encode(), "Köln"),
        ("charset=utf-8;format", "Köln".encode(), "Köln"),
        ("cp-850", "Köln".encode("cp850"), "Köln"),
        ("x-sjis", "日本".encode("cp932"), "日本"),
        ("base64", b"S8O2bG4=", "S8O2bG4="),
        ("rot13", b"Hallo", "Hallo"),
    ],
)
def test_the_octets_tell_more_than_their_label(label, octets, text):
    assert decoded(octets, label) == text


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"a\0b", "ab"),
        (b"a\x08\x1b\x7fb", "ab"),
        (b"a\tb", "a\tb"),
        (b"a\r\nb\rc\nd", "a\nb\nc\nd"),
        (b"a\xed\xa0\x80b", "ab"),
        ("a\x85b\u2028c".encode(), "ab\u2028c"),
    ],
)
def test_what_cannot_be_stored_or_shown_is_left_out(octets, text):
    assert decoded(octets, "utf-8") == text


@pytest.mark.parametrize(
    "label", ["unicode_escape", "idna", "punycode", "zlib", "", "\0", "x" * 999]
)
def test_a_label_that_names_no_charset_has_no_codec(label):
    assert codec_of(label) is None
