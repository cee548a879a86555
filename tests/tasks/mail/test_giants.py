"""Messages made to take all day."""

import sys
import time

import pytest

from tasks.mail.understand import understand

HEAD = b"From: hans@x.example\r\n"
MULTIPART = HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
GIANTS = {
    "subject": HEAD + b"Subject: " + b"x" * 1_000_000 + b"\r\n\r\n",
    "encoded words": HEAD + b"Subject: " + b"=?utf-8?Q?=C3=A4?= " * 1_000_000 + b"\r\n\r\n",
    "unclosed encoded words": HEAD + b"Subject: " + b"=?a?q?" * 40_000 + b"\r\n\r\n",
    "tiny parts": MULTIPART + b"--x\r\n\r\na\r\n" * 80_000,
    "named parts": MULTIPART + b"--x\r\nContent-Type: image/png; name=a.png\r\n\r\na\r\n" * 990,
    "html parts": MULTIPART
    + (b"--x\r\nContent-Type: text/html\r\n\r\n" + b"<p>a" * 400 + b"\r\n") * 900,
    "nesting": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(3_000)
    ),
    "closing delimiters": MULTIPART + b"--x--\r\n" * 1_000_000,
    "similar boundaries": MULTIPART + b"--xx\r\n" * 90_000,
    "header lines": b"X-A: b\r\n" * 100_000 + HEAD,
    "continuation lines": b"X-A: b\r\n" + b" c\r\n" * 100_000 + HEAD,
    "junk lines": b"no field\r\nSubject: x\r\n" * 100_000,
    "references": HEAD + b"References: " + b"<abc@x.example>\r\n " * 100_000 + b"\r\n\r\n",
    "addresses": b"To: " + b"Maier, Hans <hans@x.example>, " * 8_000 + b"\r\n\r\n",
    "names without address": b"From: " + b"a, " * 80_000 + b"\r\n\r\n",
    "open comments": b"From: " + b"(" * 200_000 + b"\r\n\r\n",
    "open quotes": b"From: " + b'"\\' * 100_000 + b"\r\n\r\n",
    "open angles": b"From: " + b'<"\\' * 80_000 + b"\r\n\r\n",
    "at signs": b"From: " + b"a@" * 100_000 + b"\r\n\r\n",
    "parameters": HEAD + b"Content-Type: text/plain; " + b"a*1=b; " * 9_000 + b"\r\n\r\n",
    "blanks": HEAD + b"Content-Type: text/plain; " + b" " * 200_000 + b"x\r\n\r\n",
    "base64 padding": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"a=" * 5_000_000,
    "begins": HEAD + b"\r\n" + b"begin 644 a\r\n#0V%T\r\n" * 500_000,
    "lines": HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"\n" * 10_000_000,
    "octets that are no utf-8": HEAD + b"\r\n" + b"a\xe4\xc3\xa4" * 2_000_000,
    "quotes": HEAD + b"\r\n" + b"> > > x\r\n" * 200_000,
    "returns": b"\r" * 10_000_000,
    "nothing": bytes(10_000_000),
}


@pytest.mark.parametrize("raw", GIANTS.values(), ids=GIANTS)
def test_a_giant_takes_no_giant_time(raw):
    started = time.process_time()

    understand(raw)

    assert time.process_time() - started < 5  # a guard against hanging; most take under 0.5 s


GROWING = {
    "parts": lambda n: MULTIPART + b"--x\r\nContent-Type: image/png; name=a.png\r\n\r\na\r\n" * n,
    "addresses": lambda n: b"To: " + b"Maier, Hans <hans@x.example>, " * n + b"\r\n\r\n",
    "encoded words": lambda n: b"Subject: " + b"=?utf-8?Q?a?= b " * n + b"\r\n\r\n",
    "header lines": lambda n: b"X-A: b\r\n" * n,
    "ids": lambda n: b"References: " + b"<abc@x.example> " * n + b"\r\n\r\n",
    "uuencoded files": lambda n: HEAD + b"\r\n" + b"begin 644 a\r\n#0V%T\r\nend\r\n" * n,
}


def calls(raw):
    """Count the calls that understanding a message takes: its work, whatever the machine does."""
    counted = 0

    def count(frame, event, argument):
        nonlocal counted
        counted += 1

    sys.setprofile(count)
    understand(raw)
    sys.setprofile(None)
    return counted


@pytest.mark.parametrize("raw_of", GROWING.values(), ids=GROWING)
def test_work_grows_with_the_size_and_not_with_its_square(raw_of):
    small, large = calls(raw_of(90)), calls(raw_of(900))

    assert large < 12 * small
