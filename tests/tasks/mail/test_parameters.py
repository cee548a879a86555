"""Parameters of Content-Type and Content-Disposition (RFC 2045, 2231)."""

import pytest

from tasks.mail.parameters import labelled


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b"attachment; filename=a.pdf", "a.pdf"),
        (b'attachment; FILENAME = "a b.pdf"', "a b.pdf"),
        (b'attachment; filename="a;b.pdf"', "a;b.pdf"),
        (b'attachment; filename="a \\"b\\".pdf"', 'a "b".pdf'),
        (b"attachment; filename=my file (2).pdf; size=3", "my file (2).pdf"),
        (b'attachment; filename="unclosed.pdf', "unclosed.pdf"),
        (b"attachment filename=a.pdf", "a.pdf"),
        (b'attachment;\r\n filename="a.pdf"', "a.pdf"),
        (b"attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        (b"attachment; filename*=iso-8859-1'de'Gr%FC%DFe.pdf", "Grüße.pdf"),
        (b"attachment; filename*=Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        (b"attachment; filename*0=long; filename*1=name.pdf", "longname.pdf"),
        (b"attachment; filename*1=name.pdf; filename*0=long", "longname.pdf"),
        (b"attachment; filename*0*=UTF-8''%C3%BC; filename*1=%41.pdf", "ü%41.pdf"),
        (b"attachment; filename*0*=UTF-8''%C3; filename*1*=%BC.pdf", "ü.pdf"),
        (b"attachment; filename*0=a; filename*2=.pdf", "a.pdf"),
        (b"attachment; filename=decoy.txt; filename*=UTF-8''real.exe", "real.exe"),
        (b'attachment; filename="=?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?="', "Grüße.pdf"),
        (b"attachment; filename==?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?=", "Grüße.pdf"),
        ('attachment; filename="Grüße.pdf"'.encode(), "Grüße.pdf"),
        ('attachment; filename="Grüße.pdf"'.encode("latin-1"), "Grüße.pdf"),
        (b"attachment", ""),
        (b"", ""),
    ],
)
def test_a_file_name_is_read_as_it_was_meant(value, name):
    assert labelled(value).text("filename") == name


@pytest.mark.parametrize(
    ("value", "main"),
    [(b"Text/HTML; charset=x", "text/html"), (b'"text/plain"', "text/plain"), (b"", "")],
)
def test_the_value_stands_before_the_parameters(value, main):
    assert labelled(value).value == main
