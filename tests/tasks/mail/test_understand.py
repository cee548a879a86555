"""Any bytes are understood, and what is understood can be stored."""

from dataclasses import fields, is_dataclass
from email.header import Header
from email.message import EmailMessage, Message
from email.utils import formataddr
from pathlib import Path

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
    b"multipart/", b"mixed; boundary=x\r\n", b"text/html", b"message/rfc822", b"charset=", b"utf-7",
    b"Content-Disposition: attachment; filename*0*=", b"Content-Transfer-Encoding: base64\r\n",
    b"quoted-printable", b"x-uuencode", b"begin 644 a\r\n", b"end\r\n", b"format=flowed",
    b" ", b"\t", b"utf-16",
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
names = phrases.filter(lambda name: name[0] not in "'\"")
latin_words = st.text("abcxyzäöüßéñ", min_size=1, max_size=12)
charsets = st.sampled_from(["utf-8", "iso-8859-1", "windows-1252", "utf-7"])
file_names = st.text("abcXYZ0189äöüß日本_-", min_size=1, max_size=40).map(
    lambda stem: f"{stem}.pdf"
)


@given(phrases, names, names)
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
