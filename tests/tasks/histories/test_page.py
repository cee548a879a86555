"""A service call's history as an HTML file: harmless whatever others wrote."""

from base64 import b64decode
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from domain.publishing import Entry, ReleasedFile, ServiceHistory
from domain.wording import Language
from tasks.histories.page import page
from tasks.histories.texts import in_units

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</div></article></main><form action='https://x.example'><input>",
    "{{ 7 * 7 }} {% raw %}",
    '" onmouseover="alert(1)',
    "<!-- <style>*{background:url(https://x.example)}</style>",
    "<meta http-equiv=refresh content='0;url=https://x.example'><base href=//x.example>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><svg/onload=alert(1)>",
    "&lt;script&gt;\u202egnp.exe\x07",
)
OURS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "bdi", "p", "article"),
    *("div", "strong", "time", "ul", "li", "a", "img"),
}


class Elements(HTMLParser):
    """What a browser would find: elements with their attributes, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def entry(**changes: Any) -> Entry:
    usual: dict[str, Any] = {
        "dated_at": AT,
        "incoming": True,
        "sender": "Petra Müller",
        "matchcode": "Fehler E17",
        "text": "Guten Tag",
        "html": None,
    }
    return Entry(**{**usual, **changes})


def shown(*entries: Entry, language: Language = Language.GERMAN) -> str:
    return page(ServiceHistory("SC-1042", entries), AT, "Europe/Berlin", language)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_others_wrote_is_shown_and_does_nothing(hostile):
    file = ReleasedFile(0, hostile, hostile, 3, b"abc")

    html = shown(
        entry(sender=hostile, matchcode=hostile, text=hostile, files=(file,)),
        entry(html=f"<p>Hallo</p>{hostile}"),
    )

    elements = Elements(html)
    assert {tag for tag, _ in elements.found} <= OURS
    assert not [name for _, each in elements.found for name in each if name.startswith("on")]
    assert [each.get("src") for each in elements.all("img") if each.get("src")] == []
    assert len(elements.all("article")) == 2
    assert "\u202e" not in elements.said


def test_a_page_loads_nothing_and_says_so_to_browsers():
    rich = "<p style='background:url(https://x.example)'>x<img src='https://x.example/a.png'></p>"

    elements = Elements(shown(entry(html=rich)))

    policies = [e["content"] for e in elements.all("meta") if "http-equiv" in e]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert not [tag for tag, _ in elements.found if tag in ("link", "script", "iframe")]
    assert "x.example" not in repr(elements.found)


def test_released_files_can_be_saved_and_are_shown_by_no_browser():
    html = b"<script>alert(1)</script>"
    given = ReleasedFile(0, "Plan <1>.html", "text/html", len(html), html)
    listed = ReleasedFile(1, "e17.png", "image/png", 1_234_567)

    elements = Elements(shown(entry(files=(given, listed))))

    [link] = elements.all("a")
    kind, _, content = (link["href"] or "").partition(",")
    assert (kind, link["download"]) == ("data:application/octet-stream;base64", "Plan <1>.html")
    assert b64decode(content) == html
    assert "e17.png (1,2 MB)" in elements.said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.GERMAN, ("Kommunikation zum Servicecall", "von Ihnen", "23.11.2026, 10:00 Uhr")),
        (Language.ENGLISH, ("Communication about service", "from you", "2026-11-23, 10:00")),
    ],
)
def test_a_page_speaks_the_installations_language_and_shows_its_time(language, words):
    said = Elements(shown(entry(), language=language)).said

    assert [each for each in words if each not in said] == []


def test_a_page_without_anything_published_says_so():
    said = Elements(shown()).said

    assert "Es ist noch nichts veröffentlicht." in said


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_960, "1.0 MB"),
        (5 * 10**12, "5000.0 GB"),
    ],
)
def test_sizes_are_written_as_people_read_them(size, written):
    assert in_units(size, Language.ENGLISH) == written
