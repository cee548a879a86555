"""Encoded words and raw octets in headers, as mailers write them."""

import pytest

from tasks.mail.header_text import header_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"plain", "plain"),
        (b"  folded\r\n\tonce \r\n  twice ", "folded once twice"),
        (b"=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?UTF-8?b?R3LDvMOfZQ==?=", "Grüße"),
        (b"=?utf-8?q?under_score?=", "under score"),
        (b"=?utf-8?Q?adjacent?= =?utf-8?Q?_words?=", "adjacent words"),
        (b"=?utf-8?Q?adjacent?=\r\n =?iso-8859-1?Q?_w=F6rter?=", "adjacent wörter"),
        (b"=?utf-8?Q?split_M=C3?= =?utf-8?Q?=BCller?=", "split Müller"),
        (b"=?utf-8?B?SGF?= =?utf-8?B?sbG8=?=", "Hallo"),
        (b"=?utf-8?B?bWl4?= =?utf-8?Q?ed?=", "mixed"),
        (b"a=?utf-8?Q?b?=c", "abc"),
        (b"=?utf-8?Q?word?= and text", "word and text"),
        (b'"=?utf-8?Q?quoted?="', '"quoted"'),
        (b"=?UTF-8*de-AT?q?language?=", "language"),
        (b"=?utf-8?B?SGFsbG8?=", "Hallo"),
        (b"=?utf-8?B?SGFsbG8", "Hallo"),
        (b"=?utf-8?Q?unclosed and more", "unclosed and more"),
        (b"=?utf-8?Q?with raw blanks?=", "with raw blanks"),
        (b"=?utf-8?Q??=", ""),
        (b"=?x-unknown?Q?=FC?=", "ü"),
        (b"=?us-ascii?Q?=FC?=", "ü"),
        (b"=?iso-8859-1?Q?=80?=", "€"),
        (b"=?gb2312?B?6UY=?=", "镕"),
        (b"=?utf-7?Q?+AOk-?=", "é"),
        (b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        (b"=?utf-8?Q?a=0D=0ABcc:_b?=", "a Bcc: b"),
        (b"=?utf-8?Q?a=00=1Bb?=", "ab"),
        (b"=?utf-8?Q?a=ED=A0=80b?=", "ab"),
        (b"=?utf-8?Q?=ED=A0=BD=ED=B8=80?=", "😀"),
        ("=?utf-8?Q?Müller?=".encode(), "Müller"),
        ("Müller".encode(), "Müller"),
        ("Müller".encode("latin-1"), "Müller"),
        (b"what =? is ?= this", "what =? is ?= this"),
    ],
)
def test_a_field_says_what_was_meant(value, text):
    assert header_text(value) == text


def test_raw_octets_are_read_in_the_charset_of_the_body():
    value = "Привет".encode("koi8-r")

    assert header_text(value, "koi8_r") == "Привет"


def test_raw_octets_that_are_utf_8_are_that_whatever_the_body_declares():
    value = "Привет".encode()

    assert header_text(value, "koi8_r") == "Привет"
