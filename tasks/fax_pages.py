"""A contact as fax pages: a cover block and the text, black on white, as a PDF.

The font is FiraGO, under the SIL Open Font License; it covers Latin, Greek, Cyrillic and Georgian.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pymupdf_fonts  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.fonts import TTFFont

from domain.errors import KontaktwerkError
from domain.gateways import Paper
from domain.phones import spoken
from tasks.fax_text import printable, wrapped

MOST_PAGES = 200  # some hours on the line
FONT = "firago"
SIZE, TITLE_SIZE = 11, 22  # points; smaller letters blur on a fax
LINE, MARGIN, LABEL_WIDTH = 5.5, 20, 42  # millimetres


class TooManyPages(KontaktwerkError):
    """The text is longer than any fax should be."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands above the text."""

    recipient: str
    number: str  # E.164
    sender: str
    date: datetime  # aware, in the sender's zone
    subject: str
    sender_fax: str = ""
    sender_phone: str = ""


@dataclass(frozen=True, slots=True)
class FaxPages:
    """A fax as it goes to the gateway."""

    pdf: bytes
    pages: int
    missing: str = ""  # characters that could not be printed, each once


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    label: str | None = None  # "" beside the further lines of a cover's field


def fax_pages(cover: Cover, text: str, paper: Paper = Paper.A4) -> FaxPages:
    """Lay a fax out; the same values give the same bytes. Raises TooManyPages."""
    with _document(paper, cover.date) as pdf:
        glyphs = _font_of(pdf).cmap
        fields = {label: printable(value, glyphs) for label, value in _fields(cover).items()}
        body = printable(text.rstrip(), glyphs)
        pages = _pages(pdf, {label: field.text for label, field in fields.items()}, body.text)
        for number, lines in enumerate(pages, 1):
            _draw(pdf, lines, f"{number} / {len(pages)}")
        missing = body.missing + "".join(field.missing for field in fields.values())
        return FaxPages(bytes(pdf.output()), len(pages), "".join(sorted(set(missing))))


@contextmanager
def _document(paper: Paper, date: datetime) -> Iterator[FPDF]:
    pdf = FPDF(format=paper.value)
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(date)
    pdf.alias_nb_pages("")  # else {nb} in a text would become a number
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{FONT}.ttf"
        path.write_bytes(_font())
        pdf.add_font(FONT, fname=path)
        pdf.set_font(FONT, size=SIZE)
        try:
            yield pdf
        finally:
            _font_of(pdf).close()


def _font_of(pdf: FPDF) -> TTFFont:
    font = pdf.fonts[FONT]
    assert isinstance(font, TTFFont)
    return font


@cache
def _font() -> bytes:
    return bytes(pymupdf_fonts.myfont("figo"))


def _fields(cover: Cover) -> dict[str, str]:
    fields = {
        "An / To": cover.recipient,
        "Faxnummer / Fax": spoken(cover.number),
        "Von / From": cover.sender,
        "Rückfax / Reply fax": cover.sender_fax,
        "Telefon / Phone": cover.sender_phone,
        "Datum / Date": f"{cover.date:%d.%m.%Y %H:%M %Z}",
        "Betreff / Subject": " ".join(cover.subject.split()),
    }
    return {label: value for label, value in fields.items() if value}


def _pages(pdf: FPDF, fields: dict[str, str], text: str) -> list[list[_Line]]:
    per_page = int((pdf.h - 2 * MARGIN) / LINE)
    most = per_page * MOST_PAGES
    above = list(islice(_cover_lines(pdf, fields), most))
    below = [_Line(""), *islice(_text_lines(pdf, text), most)]
    count = math.ceil((len(above) + 1 + len(below)) / per_page)
    if count > MOST_PAGES:
        raise TooManyPages(f"the fax would have more than {MOST_PAGES} pages: it is not sent")
    lines = [*above, _Line(f"{count}", "Seiten / Pages"), *below]
    return [lines[at : at + per_page] for at in range(0, len(lines), per_page)]


def _cover_lines(pdf: FPDF, fields: dict[str, str]) -> Iterator[_Line]:
    width = pdf.w - 2 * MARGIN - LABEL_WIDTH
    width_of = cache(pdf.get_string_width)
    for label, value in fields.items():
        for number, line in enumerate(wrapped(value, width, width_of)):
            yield _Line(line, "" if number else label)


def _text_lines(pdf: FPDF, text: str) -> Iterator[_Line]:
    return map(_Line, wrapped(text, pdf.w - 2 * MARGIN, cache(pdf.get_string_width)))


def _draw(pdf: FPDF, lines: list[_Line], page: str) -> None:
    pdf.add_page()
    if pdf.page == 1:
        pdf.set_font_size(TITLE_SIZE)
        pdf.text(MARGIN, MARGIN - LINE, "Fax")
        pdf.set_font_size(SIZE)
    for number, line in enumerate(lines, 1):
        y = MARGIN + number * LINE
        if line.label is not None:
            pdf.text(MARGIN, y, line.label)
        pdf.text(MARGIN if line.label is None else MARGIN + LABEL_WIDTH, y, line.text)
    pdf.text(pdf.w - MARGIN - pdf.get_string_width(page), pdf.h - MARGIN / 2, page)
