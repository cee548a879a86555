"""File names that would do harm."""

import pytest

from tasks.mail.filenames import MAX_NAME, harmless, harmless_title, numbered, told_apart


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Rechnung März.pdf", "Rechnung März.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\letter.doc", "letter.doc"),
        ("folder/", "folder"),
        ("a\0b.txt", "ab.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u200b\u200db.txt", "ab.txt"),
        ("...hidden", "hidden"),
        ("letter.txt. . ", "letter.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com¹.txt", "_com¹.txt"),
        ("invoice.pdf            .exe", "invoice.pdf.exe"),
        ("letter．exe", "letter.exe"),
        ("a／b∕c.txt", "c.txt"),
        ("a<b>c:d|e?.txt", "a_b_c_d_e_.txt"),
        ("a\r\nb.txt", "ab.txt"),
        ("u\u0308.txt", "ü.txt"),
        ("..", ""),
        ("/", ""),
        ("\u202e", ""),
        ("", ""),
    ],
)
def test_a_name_is_made_harmless(name, made):
    assert harmless(name) == made


def test_a_long_name_keeps_its_extension():
    name = harmless("x" * 1_000 + ".pdf")

    assert len(name) == MAX_NAME
    assert name.endswith("x.pdf")


def test_a_title_keeps_what_stands_before_its_slashes():
    assert harmless_title("Rückruf 1/2", ".eml") == "Rückruf 1_2.eml"


def test_an_empty_title_makes_no_name():
    assert harmless_title("", ".eml") == ""


@pytest.mark.parametrize(
    ("content_type", "name"),
    [
        ("application/pdf", "attachment-1.pdf"),
        ("text/calendar", "attachment-1.ics"),
        ("application/x-strange", "attachment-1.bin"),
    ],
)
def test_a_file_without_a_name_is_named_by_its_type(content_type, name):
    assert numbered(1, content_type) == name


def test_duplicates_are_told_apart_whatever_the_case_of_their_letters():
    names = told_apart(["a.pdf", "A.pdf", "a (2).pdf", "a.pdf"])

    assert len({name.casefold() for name in names}) == 4
    assert names[:2] == ["a.pdf", "A (2).pdf"]
