"""Text, files and HTML become parts that are 7-bit, short of line, and exact."""

from base64 import b64decode, b64encode
from quopri import decodestring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outgoing import File
from tasks.mail.flowed import unflowed
from tasks.mail.flowing import flowed, flows
from tasks.mail.outgoing_html import page
from tasks.mail.written_parts import attached_part, base64_lines, html_part, plain_part

PIXEL = bytes.fromhex("89504e470d0a1a0a") + bytes(range(256))
EMBEDDED = "data:image/png;base64," + b64encode(PIXEL).decode()
LOGO = File("logo.png", "image/png", PIXEL, "logo@firm.example", inline=True)
LONG = "Die Anlage läuft wieder, und zwar besser als vor der Wartung im letzten Herbst. "
PIECES = ["Wort ", " ", "  ", "> ", ">", ">> ", "-- ", "--", "From ", "x" * 75, "ü", "\t"]


def field(part: bytes, name: str) -> str:
    """Give a field of a part's header."""
    head = part.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", " ")
    return dict(line.split(": ", 1) for line in head.split("\r\n"))[name]


@pytest.mark.rule("E5")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Guten Tag\nJonas", "7bit"),
        ("x" * 78, "7bit"),
        ("x" * 79, "quoted-printable"),
        ("Ein Grüßchen, das fast ganz ASCII ist, und noch ein paar Worte", "quoted-printable"),
        ("Übergrößenträger", "base64"),
        ("漢字", "base64"),
        ("a\0b" + "c" * 30, "quoted-printable"),
        ("--=_boundary", "quoted-printable"),
    ],
)
def test_text_is_encoded_in_the_shortest_way(text, expected):
    assert field(plain_part(text), "Content-Transfer-Encoding") == expected


@given(st.text(st.sampled_from("ab =.-\n\r\tüß漢😀\0")))
def test_encoded_text_is_exact_but_for_its_line_ends(text):
    decoders = {"7bit": bytes, "base64": b64decode, "quoted-printable": decodestring}
    part = html_part(text)

    content = part.partition(b"\r\n\r\n")[2]
    decode = decoders[field(part, "Content-Transfer-Encoding")]

    plain = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    assert decode(content).decode() == plain.replace("\n", "\r\n") + "\r\n"
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78


@pytest.mark.rule("E5")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 78, False),
        ("x" * 79, False),
        (LONG, True),
        (f"Tag\n{LONG}\nJonas", True),
        (f"> {LONG}", False),
        (f">> {LONG}", False),
        (f">{LONG}", True),
        ("    " + "x" * 78, False),
    ],
)
def test_text_flows_where_a_paragraph_is_too_long_and_can_be_broken(text, expected):
    content_type = field(plain_part(text), "Content-Type")

    assert flows(text.split("\n")) is expected
    assert content_type.endswith("; format=flowed") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Guten Tag  ", ["Guten Tag"]),
        ("-- ", ["-- "]),
        ("> -- ", ["> -- "]),
        ("-- x ", ["-- x"]),
        (" eingerückt", ["  eingerückt"]),
        ("From hier", [" From hier"]),
        ("> Zitat ", ["> Zitat"]),
        (">", [">"]),
        (">= 5 bar", [" >= 5 bar"]),
        ("> " + "lang " * 40, ["> " + "lang " * 39 + "lang"]),
        ("wort " * 20, ["wort " * 14, "wort " * 5 + "wort"]),
        ("x" * 90 + " y", ["x" * 90 + " ", "y"]),
        ("-- " + "x" * 90, ["-- " + "x" * 90]),
        ("x" * 70 + " > " + "y" * 20, ["x" * 70 + " ", " > " + "y" * 20]),
    ],
)
def test_a_line_is_stuffed_kept_or_broken_as_its_beginning_asks(line, expected):
    assert flowed([line]) == expected


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), min_size=1))
def test_flowed_lines_join_to_what_was_written(lines):
    text = "\n".join(flowed(lines))

    joined = unflowed(text, delsp=False).split("\n")

    assert [line.rstrip(" ") for line in joined] == [line.rstrip(" ") for line in lines]


@given(st.integers(0, 60_000).map(lambda size: bytes(size % 251 for _ in range(size))))
def test_base64_stands_in_lines_of_76_columns(octets):
    lines = base64_lines(octets).split(b"\r\n")

    assert b64decode(b"".join(lines)) == octets
    assert lines.pop() == b""
    assert all(len(line) == 76 for line in lines[:-1])
    assert all(0 < len(line) <= 76 for line in lines[-1:])


@pytest.mark.parametrize(
    ("given_type", "expected"),
    [
        ("application/pdf", "application/pdf"),
        ("text/csv; charset=utf-8", "text/csv; charset=utf-8"),
        ("text/csv; name=x", "application/octet-stream"),
        ("message/rfc822", "application/octet-stream"),
        ("multipart/mixed", "application/octet-stream"),
        ("pdf", "application/octet-stream"),
        ("", "application/octet-stream"),
        ('image/png; x="', "application/octet-stream"),
    ],
)
def test_a_file_has_a_type_that_may_be_encoded(given_type, expected):
    part = attached_part(File("", given_type, b"x"))

    assert field(part, "Content-Type") == expected
    assert field(part, "Content-Disposition") == "attachment"


@pytest.mark.rule("E5")
@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Tag<script>alert(1)</script></p>", "<p>Tag</p>"),
        ("<p onclick=alert(1)>Tag</p>", "<p>Tag</p>"),
        ("<link rel=stylesheet href=https://x.example/a.css>Tag", "Tag"),
        ("<img src='https://x.example/a.png' alt='a > b'>", '<img alt="a &gt; b">'),
        ("<img src='data:image/svg+xml;base64,AAAA'>", "<img>"),
        ('<p>src= data-remote-src="x"</p>', '<p>src= data-remote-src="x"</p>'),
        (f"<p>src='{EMBEDDED}'</p>", f"<p>src='{EMBEDDED}'</p>"),
        ("<p style=\"background:url('https://x.example/a')\">Tag</p>", "<p>Tag</p>"),
    ],
)
def test_html_goes_out_without_what_runs_or_is_loaded(html, expected):
    shown = page(html, (LOGO,))

    assert (shown.html, shown.files) == (expected, ())


@pytest.mark.parametrize(
    "source",
    ['"{}"', "'{}'", '"{}" alt="Bild"', "{} "],
)
def test_an_embedded_image_becomes_a_file_of_its_own(source):
    image = f"<p><img width=1 src={source.format(EMBEDDED)}></p>"

    shown = page(image, ())

    (file,) = shown.files
    assert f'src="cid:{file.content_id}"' in shown.html
    assert "data:" not in shown.html
    assert (file.name, file.content_type, file.content) == ("image-1.png", "image/png", PIXEL)


def test_an_image_that_is_embedded_twice_goes_out_once():
    other = "data:image/jpg;base64," + b64encode(b"other").decode()

    shown = page(f"<img src='{EMBEDDED}'><img src='{other}'><img src='{EMBEDDED}'>", ())

    assert [file.name for file in shown.files] == ["image-1.png", "image-2.jpeg"]
    assert shown.html.count(f"cid:{shown.files[0].content_id}") == 2


def test_html_with_large_embedded_images_stays_html():
    large = "data:image/png;base64," + b64encode(bytes(2_000_000)).decode()

    shown = page(f"<p>Tag <b>Petra</b> <img src='{large}'></p>", ())

    assert shown.html.startswith("<p>Tag <b>Petra</b> <img src=")
    assert [len(file.content) for file in shown.files] == [2_000_000]


def test_damaged_base64_in_an_image_stops_nothing():
    shown = page("<p>Tag <img src='data:image/png;base64,A'></p>", ())

    assert shown.html.startswith("<p>Tag <img")
    assert shown.files == ()


@pytest.mark.parametrize(
    ("identifier", "reference"),
    [
        ("logo@firm.example", "cid:logo@firm.example"),
        ("logo@firm.example", "CID:logo@firm.example"),
        ("logo@firm.example", "cid:logo%40firm.example"),
        ("a&b@firm.example", "cid:a&amp;b@firm.example"),
        ("100%25@firm.example", "cid:100%25@firm.example"),
    ],
)
def test_a_file_is_shown_by_its_content_id_however_that_is_written(identifier, reference):
    file = File("logo.png", "image/png", PIXEL, identifier, inline=True)

    assert page(f'<img src="{reference}">', (LOGO, file)).files[-1:] == (file,)


@pytest.mark.parametrize(
    "file",
    [
        File("logo.png", "image/png", PIXEL, "logo@firm.example"),
        File("logo.png", "image/png", PIXEL, None, inline=True),
        File("logo.png", "image/png", PIXEL, "another@firm.example", inline=True),
    ],
)
def test_a_file_that_the_html_does_not_show_stands_beside_it(file):
    assert page('<img src="cid:logo@firm.example">', (file,)).files == ()
