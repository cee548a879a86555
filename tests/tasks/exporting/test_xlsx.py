"""XLSX as an independent reader sees it."""

from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from tasks.exporting.columns import cleaned
from tasks.exporting.xlsx import LONGEST_TEXT, Layout, write_xlsx
from tasks.exporting.xlsx_parts import letters

LAYOUT = Layout("Kontakte & Co", ("a", "b"), (10, 60))
NINE = datetime(2026, 11, 24, 9, 30, 15)  # noqa: DTZ001 - what clocks on a wall show has no zone


def read_back(*rows, most=100):
    target = BytesIO()
    write_xlsx(target, LAYOUT, rows, most)
    return openpyxl.load_workbook(target)


def values(sheet):
    return list(sheet.iter_rows(min_row=2, values_only=True))


def test_cells_keep_their_kinds():
    sheet = read_back((1, "x"), (NINE, True), (date(2026, 11, 24), None)).active

    assert values(sheet) == [(1, "x"), (NINE, True), (datetime(2026, 11, 24), None)]  # noqa: DTZ001
    assert [sheet["A3"].is_date, sheet["A4"].number_format] == [True, r"yyyy\-mm\-dd"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "@x",
        "http://x.example/",
        " blanks ",
        "a\r\nb\tc",
        "<b>&\"'",
        "Größe ＝ 😀",
        "'=1",
    ],
)
def test_every_text_is_a_text_and_nothing_else(text):
    cell = read_back((text, None)).active["A2"]

    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_what_looks_like_a_characters_code_is_none():
    target = BytesIO()
    write_xlsx(target, LAYOUT, [("_x0041_ and _y", None)])

    with ZipFile(target) as archive:
        # By ECMA-376, part 1, 22.9.2.19, which openpyxl does not follow within cells.
        assert b">_x005F_x0041_ and _y<" in archive.read("xl/worksheets/sheet1.xml")


def test_no_character_breaks_the_workbook():
    text = cleaned("a\x00b\x0bc\ufffed\ud800e\x1b[31m")

    assert values(read_back((text, None)).active) == [("abcde[31m", None)]


def test_a_text_is_cut_to_what_a_cell_can_hold():
    [(kept, _)] = values(read_back(("😀" * 20_000, None)).active)

    assert len(kept.encode("utf-16-le")) // 2 == LONGEST_TEXT - 1


def test_a_day_before_all_spreadsheets_is_a_text():
    early = datetime(1899, 1, 1, 8)  # noqa: DTZ001

    assert values(read_back((early, None)).active) == [("1899-01-01 08:00:00", None)]


def test_the_header_stays_and_rows_can_be_filtered():
    sheet = read_back((1, 2), (3, 4)).active

    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == (
        "Kontakte & Co",
        "A2",
        "A1:B3",
    )
    assert [sheet["A1"].value, sheet["A1"].font.bold] == ["a", True]
    assert sheet.column_dimensions["B"].width == 60


def test_what_is_too_much_for_a_sheet_is_on_the_next():
    book = read_back(*((each, None) for each in range(5)), most=2)

    assert book.sheetnames == ["Kontakte & Co 1", "Kontakte & Co 2", "Kontakte & Co 3"]
    assert [[row[0] for row in values(sheet)] for sheet in book] == [[0, 1], [2, 3], [4]]


def test_an_empty_list_is_a_workbook_with_its_header():
    book = read_back()

    assert [[cell.value for cell in row] for row in book.active] == [["a", "b"]]


def test_nothing_stands_in_the_archive_but_what_its_contents_name():
    target = BytesIO()
    write_xlsx(target, LAYOUT, [(1, 2)])

    with ZipFile(target) as archive:
        assert archive.testzip() is None
        assert "xl/worksheets/sheet1.xml" in archive.read("[Content_Types].xml").decode()


@pytest.mark.parametrize(("place", "named"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_are_named_as_spreadsheets_name_them(place, named):
    assert letters(place) == named
