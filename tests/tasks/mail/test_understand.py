"""Any bytes are understood, and what is understood can be stored."""

import time
from dataclasses import fields, is_dataclass
from email.header import Header
from email.message import EmailMessage, Message
from email.utils import formataddr
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.mail import MailAddress
from tasks.mail.attachments import content
from tasks.mail.understand import understand

FOLDER = Path(__file__).parents[2] / "messages"
MESSAGES = [path.read_bytes() for path in sorted(FOLDER.rglob("*.eml"))]
FRAGMENTS = [
    b"\r\n", b"\n", b"\r", b"\0", b"--x", b"--x--\r\n", b"=?utf-8?Q?", b"?=", b"=?", b'"', b"\\",
    b"(", b")", b"<", b">", b"@", b",", b";", b":", b"=", b"\xff", b"\xed\xa0\x80", b"\x1b$B",
    b"From: ", b"To: ", b"Date: ", b"Subject: ", b"References: <", b"Content-Type: ",
    b"multipart/", b"mixed; boundary=x\r\n", b"text/html", b"message/rfc822", b"charset=", b"utf-7", b"utf-16",
    b"Content-Disposition: attachment; filename*0*=", b"Content-Transfer-Encoding: base64\r\n",
    b"quoted-printable", b"x-uuencode", b"begin 644 a\r\n", b"end\r\n", b"format=flowed",
    b" ", b"\t",
]  # fmt: skip


def texts(value):
    """Give every string in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts(getattr(value, each.name))


def assert_is_storable(raw):
    mail = understand(raw)
    for text in texts(mail):
        assert "\0" not in text
        assert text.encode("utf-8").decode("utf-8") == text
    for file in mail.attachments:
        assert 0 <= file.start <= file.end <= len(raw)
        assert len(content(raw, file)) == file.size
        assert not set(file.name) & set('/\\\0\r\n:"<>|?*')
    assert len({file.name.casefold() for file in mail.attachments}) == len(mail.attachments)
    assert mail.sent_at is None or mail.sent_at.tzinfo


fragments = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=8), max_size=60).map(b"".join)


@given(st.binary(max_size=2_000))
def test_random_bytes_are_understood(raw):
    assert_is_storable(raw)


@given(fragments)
def test_fragments_of_messages_are_understood(raw):
    assert_is_storable(raw)


@st.composite
def mutations(draw):
    raw = draw(st.sampled_from(MESSAGES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 30)))
        raw = raw[:start] + draw(fragments | st.sampled_from(FRAGMENTS)) + raw[end:]
    return raw


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(mutations())
def test_damaged_messages_are_understood(raw):
    assert_is_storable(raw)


@given(st.sampled_from(MESSAGES), st.sampled_from(MESSAGES), st.floats(0, 1), st.floats(0, 1))
def test_spliced_messages_are_understood(one, other, cut, joint):
    assert_is_storable(one[: int(cut * len(one))] + other[int(joint * len(other)) :])


letters = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Co"]
)
words = st.text(letters, min_size=1, max_size=12).filter(lambda word: "=?" not in word)
phrases = st.lists(words, min_size=1, max_size=8).map(" ".join)
latin_words = st.text("abcxyzäöüßéñ", min_size=1, max_size=12)
charsets = st.sampled_from(["utf-8", "iso-8859-1", "windows-1252", "utf-7"])
file_names = st.text("abcXYZ0189äöüß日本_-", min_size=1, max_size=40).map(
    lambda stem: f"{stem}.pdf"
)


@given(phrases, phrases, phrases)
def test_headers_of_a_well_formed_message_come_out_as_they_went_in(subject, name, other):
    message = Message()  # EmailMessage loses blanks between the encoded words that it folds
    message["Subject"] = Header(subject, "utf-8")
    message["From"] = formataddr((name, "hans@x.example"))
    message["Cc"] = formataddr((other, "eva@y.example"))

    mail = understand(message.as_bytes())

    assert mail.subject == subject
    assert mail.sender == MailAddress(name, "hans@x.example")
    assert [each.mailbox for each in mail.recipients] == [MailAddress(other, "eva@y.example")]


@given(st.lists(latin_words, min_size=1, max_size=40), charsets)
def test_a_body_comes_out_as_it_went_in(lines, charset):
    message = EmailMessage()
    message.set_content("\n".join(lines), charset=charset)

    assert understand(message.as_bytes()).text == "\n".join(lines)


@given(st.lists(st.tuples(file_names, st.binary(max_size=300)), min_size=1, max_size=5))
def test_attachments_come_out_as_they_went_in(files):
    message = EmailMessage()
    message.set_content("See attached.")
    for name, octets in files:
        message.add_attachment(octets, maintype="application", subtype="pdf", filename=name)
    raw = message.as_bytes()

    mail = understand(raw)

    assert [content(raw, file) for file in mail.attachments] == [octets for _, octets in files]
    assert mail.attachments[0].name == files[0][0]
    assert mail.text == "See attached."


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


def test_work_grows_with_the_size_and_not_with_its_square():
    def seconds(parts):
        raw = MULTIPART + b"--x\r\nContent-Type: image/png; name=a.png\r\n\r\na\r\n" * parts
        return min(_timed(raw) for _ in range(3))

    assert seconds(900) < 30 * seconds(90)


def _timed(raw):
    started = time.process_time()
    understand(raw)
    return time.process_time() - started
