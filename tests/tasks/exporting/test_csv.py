"""CSV as spreadsheets and programs read it."""

import csv
from datetime import date, datetime
from io import BytesIO, StringIO

import pytest

from domain.wording import Language
from tasks.exporting.csv import harmless, write_csv

NINE = datetime(2026, 11, 24, 9)  # noqa: DTZ001 - what clocks on a wall show has no zone


def written(*rows, language=Language.ENGLISH, separator=None):
    target = BytesIO()
    write_csv(target, ["a", "b"], rows, language, separator)
    return target.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+49 30 123456",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "＝1",
        '=HYPERLINK("http://x.example")',
    ],
)
def test_no_text_is_a_formula(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Petra", "a=b", "1-2", "'=1", "ä", " x", "–"])
def test_a_text_that_is_no_formula_stays_as_it_is(text):
    assert harmless(text) == text


def test_excel_knows_it_by_its_mark():
    assert written().startswith(b"\xef\xbb\xbfa,b\r\n")


@pytest.mark.parametrize(
    ("language", "separator", "expected"),
    [
        (Language.ENGLISH, None, b"1,2\r\n"),
        (Language.GERMAN, None, b"1;2\r\n"),
        (Language.GERMAN, ",", b"1,2\r\n"),
    ],
)
def test_cells_are_separated_as_spreadsheets_there_expect(language, separator, expected):
    assert written((1, 2), language=language, separator=separator).endswith(expected)


def test_whatever_a_text_has_is_read_back():
    texts = ("a;b,c", 'x "y"\r\nz')

    rows = list(csv.reader(StringIO(written(texts).decode("utf-8-sig"), newline="")))

    assert rows == [["a", "b"], list(texts)]


def test_values_are_written_plainly():
    rows = ((-5, True), (None, NINE), (date(2026, 11, 24), False))

    content = written(*rows, language=Language.GERMAN)

    assert content.decode("utf-8-sig").splitlines()[1:] == [
        "-5;ja",
        ";2026-11-24 09:00:00",
        "2026-11-24;nein",
    ]
