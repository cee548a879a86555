"""HTML mail: shown without harm, and readable as plain text."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quotes import new_part
from tasks.mail.html import as_text, sanitised, self_contained

ELEMENTS_SHOWN = {"a", "b", "blockquote", "div", "img", "p", "table", "tbody", "td", "tr"}
ADDRESS = {
    ("img", "src"): re.compile(r"cid:|data:image/"),
    ("img", "data-remote-src"): re.compile(r"https?://"),
    ("a", "href"): re.compile(r"https?://|mailto:|tel:"),
}
HARMLESS = {"alt", "rel", "style", "target", "type"}
FRAGMENTS = [
    "<b>",
    "</b>",
    "<p>",
    "</p>",
    "<table><tr><td>",
    "</td></tr></table>",
    "<img src='http://x.example/a.png' alt='Bild'>",
    "<img src=//x.example/a.png>",
    "<img src=cid:a@b alt=c>",
    "<td background='http://x.example/b.png'>",
    "<div style='background:url(http://x.example)'>",
    "<div style=\"color:red;background-image:\\75rl('http://x.example')\">",
    "<a href='javascript:alert(1)'>",
    "<a href=https://x.example/?a=1&b=2>",
    "</a>",
    "<script>alert(1)</script>",
    "<style>@import 'http://x.example'</style>",
    "<svg onload=alert(1)>",
    "<math><style>",
    "<form action=http://x.example>",
    "<!--",
    "-->",
    "<",
    ">",
    "&lt;img src=http://x.example&gt;",
    "&",
    '"',
    "'",
    "text ",
    "<blockquote type=cite>",
    "</blockquote>",
]
MARKUP = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=20).map("".join)
HOSTILE = [
    "<" * 1_000_000,
    "<!--" * 250_000,
    "<a " * 340_000,
    '<a href="' * 110_000,
    "<a x='" * 160_000,
    "<div>" * 200_000,
    "<b><div></b>" * 80_000,
    "<div><!--</div>-->" * 55_000,
    "<div><table></div></table>" * 40_000,
    "<div><textarea></div></textarea>" * 30_000,
    "<form><div></form>" * 50_000,
    "<svg>" + "<g><!--</g>-->" * 70_000,
    "<b><i><u><font>" * 40 + "<p>x" * 150_000,
    "<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">x",
    "&" * 1_000_000,
    "&#" * 500_000,
    "<style>" * 140_000,
    "<blockquote>" * 80_000,
    "<p style='" + "display " * 100_000 + "'>x",
    "<span>x</span>" * 70_000,
    "<pre>" + "\n" * 1_000_000,
]


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>Hallo</p><script>alert(1)</script>", "<p>Hallo</p>"),
        ("<title>Angebot</title><style>p {color: red}</style><p>Hallo</p>", "<p>Hallo</p>"),
        ("<p onclick='x()'>Hallo</p>", "<p>Hallo</p>"),
        ("<form><input value=1><button>Senden</button></form>", "Senden"),
        ("<iframe src='https://x.example'></iframe>Hallo", "Hallo"),
        ("<font color='red' size=2>Hallo</font>", '<font color="red" size="2">Hallo</font>'),
        ("<img src='cid:logo@x' alt='Logo'>", '<img src="cid:logo@x" alt="Logo">'),
        ("<img src='data:image/svg+xml;base64,AA' alt='x'>", '<img alt="x">'),
        (
            "<img src='https://x.example/a.png' alt='Logo' srcset='b.png 2x'>",
            '<img data-remote-src="https://x.example/a.png" alt="Logo">',
        ),
        ("<img src='//x.example/a.png'>", "<img>"),
        ("<p style='background: url(https://x.example)'>x</p>", "<p>x</p>"),
        ("<p style='COLOR: red; position: fixed'>x</p>", '<p style="color:red">x</p>'),
        ("<p style='width: expression(alert(1))'>x</p>", "<p>x</p>"),
        ("<p style='color: rgb(1, 2, 3)'>x</p>", '<p style="color:rgb(1, 2, 3)">x</p>'),
        (
            "<a href='https://x.example'>hier</a>",
            '<a href="https://x.example" target="_blank" rel="noopener noreferrer">hier</a>',
        ),
        (
            "<a href='javascript:alert(1)'>hier</a>",
            '<a target="_blank" rel="noopener noreferrer">hier</a>',
        ),
        ("<div style='display:none'>Vorspann</div>x", '<div style="display:none">Vorspann</div>x'),
    ],
)
def test_what_could_run_or_load_is_taken_out_and_the_rest_stays(html, clean):
    assert sanitised(html) == clean


@pytest.mark.parametrize("scheme", ["mailto:a@b.example", "tel:+49301234", "http://x.example/"])
def test_harmless_links_are_kept(scheme):
    assert f'href="{scheme}"' in sanitised(f"<a href='{scheme}'>x</a>")


def test_a_table_keeps_its_layout():
    table = (
        '<table bgcolor="#fff" width="600"><tbody><tr><td align="right">1</td></tr></tbody></table>'
    )

    clean = sanitised(f"<html><body>{table}</body></html>")

    assert all(part in clean for part in ('bgcolor="#fff"', 'width="600"', '<td align="right">1'))


@pytest.mark.parametrize("html", ["<div>" * 300 + "Hallo", "<p>Hallo " + "x" * (1024 * 1024)])
def test_what_is_too_deep_or_too_large_is_shown_as_plain_paragraphs(html):
    clean = sanitised(html)

    assert clean.startswith("<p>Hallo")
    assert clean.count("<") == 2


class Elements(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@given(MARKUP)
def test_nothing_is_loaded_or_run_whatever_the_markup(html):
    elements = Elements(sanitised(html)).found

    assert {tag for tag, _ in elements} <= ELEMENTS_SHOWN
    for tag, attributes in elements:
        for name, value in attributes.items():
            allowed = ADDRESS.get((tag, name))
            assert allowed.match(value) if allowed else name in HARMLESS
            assert name != "style" or not re.search(r"[(\\@]", value)


@given(MARKUP)
def test_sanitising_twice_changes_nothing(html):
    once = sanitised(html)

    assert sanitised(once) == once


@given(st.text() | MARKUP)
def test_no_markup_raises(html):
    sanitised(html)
    as_text(html)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Eins</p><p>Zwei</p>", "Eins\n\nZwei"),
        ("Eins<br>Zwei<div>Drei</div>", "Eins\nZwei\nDrei"),
        ("a  b\n c&nbsp;d &amp; &uuml;", "a b c d & ü"),
        ("<ul><li>eins<li>zwei</ul>", "- eins\n- zwei"),
        ("<ol start=1><li>eins<li>zwei</ol>", "1. eins\n2. zwei"),
        ("<ul><li>a<ul><li>b</ul></ul>", "- a\n\n  - b"),
        ("<table><tr><td>A</td><td>B</td></tr><tr><td>C<td>D</table>", "A | B\nC | D"),
        ("<a href='https://x.example/y'>hier</a>", "hier <https://x.example/y>"),
        ("<a href='https://x.example/'>x.example</a>", "x.example"),
        ("<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example"),
        ("<a href='mailto:a@b.example'>Anna</a>", "Anna <a@b.example>"),
        ("<a href='javascript:x()'>hier</a>", "hier"),
        ("<img src=x alt='Logo'> Firma", "Logo Firma"),
        ("<blockquote>alt<p>älter</blockquote>neu", "> alt\n>\n> älter\n\nneu"),
        ("<blockquote style='border:none'>eingerückt</blockquote>", "eingerückt"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<div style='display: none'>Vorspann</div>Hallo", "Hallo"),
        ("<span style='max-height:0;overflow:hidden'>Vorspann</span>Hallo", "Hallo"),
        ("<td style='font-size:0'>Hallo</td>", "Hallo"),
        ("<p style='display:none'>Hallo", "Hallo"),
        ("<title>T</title><style>s</style><script>'</p>'</script><!-- c -->Hallo", "Hallo"),
        ("<!--[if mso]>Outlook<![endif]-->Hallo<![if !mso]> Welt<![endif]>", "Hallo Welt"),
        ("3 < 4 > 2", "3 < 4 > 2"),
        ("<img alt='a > b'>x", "a > bx"),
        ("Trenn\u00adung\u200b", "Trennung"),
        ("", ""),
    ],
)
def test_the_text_reads_as_the_page_does(html, text):
    assert as_text(html) == text


@pytest.mark.parametrize(
    "history",
    [
        '<div class="gmail_quote"><div class="gmail_attr">Am Mo., 23. Nov. 2026 um 10:12&nbsp;Uhr '
        'schrieb Hans &lt;<a href="mailto:h@x.example">h@x.example</a>&gt;:<br></div>'
        '<blockquote class="gmail_quote"><div>Kommen Sie?</div></blockquote></div>',
        '<hr><div id="divRplyFwdMsg"><font><b>Von:</b> Hans &lt;h@x.example&gt;<br>'
        "<b>Gesendet:</b> Montag, 23. November 2026 10:12<br><b>An:</b> Info<br>"
        "<b>Betreff:</b> Angebot</font></div><div>Kommen Sie?</div>",
        '<div class="OutlookMessageHeader">-----Ursprüngliche Nachricht-----<br>'
        "<b>Von:</b> Hans<br><b>Gesendet:</b> Montag 10:12<br><b>An:</b> Info<br></div>"
        "<p>Kommen Sie?</p>",
        "<div style='border-top:solid #E1E1E1 1.0pt'><p><b><span>From:</span></b><span> Hans "
        "&lt;h@x.example&gt; <br><b>Sent:</b> Monday, November 23, 2026 10:12 AM<br><b>To:</b> Info"
        "<br><b>Subject:</b> Offer</span></p></div><p>Kommen Sie?</p>",
        '<div class="moz-cite-prefix">Am 23.11.2026 um 10:12 schrieb Hans Maier:<br></div>'
        '<blockquote type="cite" cite="mid:a@b">Kommen Sie?</blockquote>',
        "<div name='quote' style='border-left:2px solid'><div><b>Gesendet:</b>&nbsp;Montag, "
        "23. November 2026 um 10:12 Uhr<br><b>Von:</b>&nbsp;&quot;Hans&quot; "
        "&lt;h@x.example&gt;<br><b>An:</b>&nbsp;info@y.example<br>"
        "<b>Betreff:</b>&nbsp;Angebot</div>Kommen Sie?</div>",
        '<div class="yahoo_quoted"><div>Am Montag, 23. November 2026, 10:12:12 MEZ hat Hans '
        "&lt;h@x.example&gt; Folgendes geschrieben: </div><div>Kommen Sie?</div></div>",
    ],
)
def test_the_history_of_a_reply_is_recognised_in_its_text(history):
    text = as_text(f"<html><body><div>Gern, bis dann.</div><br>{history}</body></html>")

    assert new_part(text) == "Gern, bis dann."
    assert "Kommen Sie?" in text


@pytest.mark.parametrize("html", HOSTILE, ids=lambda html: repr(html[:16]))
def test_a_hostile_megabyte_takes_no_time(html):
    started = time.process_time()
    as_text(html)
    read = time.process_time()
    sanitised(html)

    assert read - started < 1
    assert time.process_time() - read < 2


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<img src='http://x.example/a.png' alt='Bild'>", '<img alt="Bild">'),
        ("<img data-remote-src='http://x.example/a.png'>", "<img>"),
        ("<img src='cid:a@b' alt='a>b'>", '<img alt="a&gt;b">'),
        ("<img src='data:image/png;base64,AA=='>", '<img src="data:image/png;base64,AA==">'),
        ("<img src='data:image/svg+xml;base64,AA=='>", "<img>"),
        ("<p style='background:url(http://x.example/)'>x</p>", "<p>x</p>"),
        ("<script>alert(1)</script><p onclick='x()'>x</p>", "<p>x</p>"),
    ],
)
def test_a_page_that_shows_it_loads_nothing(html, shown):
    assert self_contained(html) == shown
    assert self_contained(shown) == shown
