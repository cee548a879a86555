"""The visible text, put together from the parts that show it."""

import pytest

from tasks.mail.bodies import MAX_TEXT
from tasks.mail.understand import understand


def message(subtype, *parts):
    head = b"Content-Type: multipart/" + subtype + b"; boundary=b\r\n\r\n"
    return head + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


def plain(text):
    return b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()


def html(text):
    return b"Content-Type: text/html; charset=utf-8\r\n\r\n" + text.encode()


def test_text_parts_are_joined_in_their_order():
    mail = understand(message(b"mixed", plain("one"), plain("two")))

    assert (mail.text, mail.html) == ("one\n\ntwo", None)


def test_of_alternatives_text_and_html_each_come_from_their_own():
    mail = understand(message(b"alternative", plain("plain"), html("<p>rich</p>")))

    assert (mail.text, mail.html) == ("plain", "<p>rich</p>")


@pytest.mark.parametrize(
    "stub",
    [
        "",
        " \r\n",
        "Your mail client does not support HTML.",
        "This message contains HTML, please view it elsewhere.",
        "View this e-mail in your browser: https://x.example",
        "Ihr E-Mail-Programm unterstützt kein HTML.",
        "Diese E-Mail kann ohne HTML nicht angezeigt werden.",
    ],
)
def test_a_plain_alternative_that_says_nothing_gives_way(stub):
    mail = understand(message(b"alternative", plain(stub), html("<p>rich</p>")))

    assert mail.text == "rich"


def test_html_pieces_around_plain_ones_make_one_document():
    mail = understand(message(b"mixed", html("<p>one</p>"), plain("a < b"), html("<p>two</p>")))

    assert mail.text == "one\n\na < b\n\ntwo"
    assert mail.html
    assert "a &lt; b" in mail.html
    assert mail.html.index("one") < mail.html.index("a &lt; b") < mail.html.index("two")


@pytest.mark.parametrize("body", [b"", b"   \r\n \r\n"])
def test_a_message_may_say_nothing(body):
    mail = understand(b"Subject: x\r\n\r\n" + body)

    assert (mail.text, mail.html, mail.attachments) == ("", None, ())


def test_an_html_part_may_say_its_charset_in_itself():
    raw = b"Content-Type: text/html\r\n\r\n<meta charset=koi8-r><p>" + "Привет".encode("koi8-r")

    assert understand(raw).text == "Привет"


def test_a_text_without_end_is_cut():
    mail = understand(b"Subject: x\r\n\r\n" + b"word\r\n" * MAX_TEXT)

    assert len(mail.text) <= MAX_TEXT
    assert mail.defects == ("The text is too long and was cut.",)


def test_a_file_without_end_is_not_cut():
    raw = b"Content-Type: text/plain; name=log.txt\r\n\r\n" + b"word\r\n" * MAX_TEXT

    (file,) = understand(raw).attachments

    assert file.size == len(b"word\r\n" * MAX_TEXT)


def test_the_new_part_of_a_reply_is_told_from_its_quotes():
    mail = understand(b"Subject: Re: x\r\n\r\nYes.\r\n\r\n> May I?\r\n")

    assert mail.new_text.strip() == "Yes."
