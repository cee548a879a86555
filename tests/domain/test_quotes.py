"""The new part of a reply: nothing of it is lost, and little of the history is left."""

import time
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quotes import new_part

ATTRIBUTIONS = [
    "Am Mo., 23. Nov. 2026 um 10:12 Uhr schrieb Hans Maier <h@x.example>:",
    "Am Mo., 23. Nov. 2026 um 10:12 Uhr schrieb Hans Maier <\nhans.maier@x.example>:",
    "Am Montag, 23. November 2026\num 10:12 Uhr schrieb Hans Maier <h@x.example>:",
    "Am 23.11.2026 um 10:12 schrieb Hans Maier:",
    'Am 23.11.26, 10:12 schrieb "Hans Maier" <h@x.example>:',
    "Am Montag, 23. November 2026, 10:12:00 CET schrieb Hans Maier:",
    "Am Montag, 23. November 2026 um 10:12:12 MEZ hat Hans Maier\n<h@x.example> Folgendes\n"
    "geschrieben:",
    "Hans Maier <h@x.example> schrieb am Mo., 23. Nov. 2026, 10:12:",
    "Hans Maier <h@x.example> hat am 23.11.2026 10:12 CET geschrieben:",
    "On Mon, Nov 23, 2026 at 10:12 AM Hans Maier <h@x.example> wrote:",
    "On Mon, Nov 23, 2026 at 10:12 AM Hans Maier\n<h@x.example>\nwrote:",
    "On 23 Nov 2026, at 10:12, Hans Maier <h@x.example> wrote:",
    "On 23/11/2026 10:12, Hans Maier wrote:",
    "Le lun. 23 nov. 2026 à 10:12, Hans Maier <h@x.example> a écrit :",
    "El lun, 23 nov 2026 a las 10:12, Hans Maier (<h@x.example>) escribió:",
    "Il giorno lun 23 nov 2026 alle ore 10:12 Hans Maier <h@x.example> ha scritto:",
    "Op ma 23 nov 2026 om 10:12 schreef Hans Maier <h@x.example>:",
    "Den mån 23 nov. 2026 kl 10:12 skrev Hans Maier <h@x.example>:",
    "W dniu 23.11.2026 o 10:12, Hans Maier pisze:",
]
HEADINGS = [
    "Von: Hans Maier <h@x.example>\nGesendet: Montag, 23. November 2026 10:12\n"
    "An: Info <info@y.example>\nBetreff: Angebot",
    "Von: Maier, Hans\nGesendet: Montag, 23. November 2026 10:12\nAn: Info\nCc: Berta\nBetreff: x",
    "*Von:* Hans Maier <h@x.example>\n*Gesendet:* Montag, 23. November 2026 10:12\n*An:* Info",
    "From: Hans <h@x.example>\nSent: Monday, November 23, 2026 10:12 AM\nTo: Info\nSubject: x",
    'Gesendet: Montag, 23. November 2026 um 10:12 Uhr\nVon: "Hans Maier" <h@x.example>\n'
    "An: info@y.example\nBetreff: Angebot",
    "________________________________\nVon: Hans Maier <h@x.example>\n"
    "Gesendet: Montag, 23. November 2026 10:12\nAn: Info\nBetreff: x",
    "________________________________\n\nFrom: Hans <h@x.example>\nDate: 23 Nov 2026\nTo: Info",
    "-----Ursprüngliche Nachricht-----\nVon: Hans Maier [mailto:h@x.example]\n"
    "Gesendet: Montag, 23. November 2026 10:12\nAn: Info\nBetreff: x",
    "-----Original Message-----\nFrom: Hans\nSent: Monday\nTo: Info\nSubject: x",
    "-------- Original-Nachricht --------",
    "-------- Ursprüngliche Nachricht --------",
    "----- Message d'origine -----",
    "De : Hans Maier <h@x.example>\nEnvoyé : lundi 23 novembre 2026 10:12\nÀ : Info\nObjet : x",
    "De: Hans <h@x.example>\nEnviado: lunes, 23 de noviembre de 2026 10:12\nPara: Info\nAsunto: x",
    "Da: Hans <h@x.example>\nInviato: lunedì 23 novembre 2026 10:12\nA: Info\nOggetto: x",
    "Van: Hans <h@x.example>\nVerzonden: maandag 23 november 2026 10:12\nAan: Info\nOnderwerp: x",
]


def text(written: str) -> str:
    """Write a text without the indentation it has in the test."""
    return dedent(written).strip()


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_what_an_attribution_and_marked_quotation_follow_is_new(attribution):
    reply = f"Gern, bis dann.\n\n{attribution}\n> Kommen Sie?\n>> Wann?\n"

    assert new_part(reply) == "Gern, bis dann."


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_by_a_mailer_begins_unmarked_history_too(attribution):
    reply = f"Gern, bis dann.\n\n{attribution}\n\nKommen Sie?\n\nGruß\nHans"

    assert new_part(reply) == "Gern, bis dann."


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_answer_below_the_quotation_is_new(attribution):
    reply = f"{attribution}\n\n> Kommen Sie?\n\nGern, bis dann."

    assert new_part(reply) == "Gern, bis dann."


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("sentence", ["Am Freitag passt es.", "On 3 May then.", "Am 3.5. nicht."])
def test_a_sentence_directly_above_an_attribution_is_no_part_of_it(sentence, attribution):
    reply = f"{sentence}\n{attribution}\n> Kommen Sie?\n"

    assert new_part(reply) == sentence


@pytest.mark.parametrize("heading", HEADINGS)
def test_what_stands_above_a_mailers_heading_is_new(heading):
    reply = f"Gern, bis dann.\n\n{heading}\n\nKommen Sie?\n\nGruß\nHans"

    assert new_part(reply) == "Gern, bis dann."


@pytest.mark.parametrize(
    "announcement",
    [
        "---------- Forwarded message ---------",
        "-------- Weitergeleitete Nachricht --------",
        "Anfang der weitergeleiteten Nachricht:",
        "Begin forwarded message:",
        "-------- Forwarded Message --------",
        "---------- Messaggio inoltrato ---------",
    ],
)
def test_a_forwarded_message_is_what_the_mail_is_about(announcement):
    forward = (
        f"Zur Kenntnis.\n\n{announcement}\nVon: Hans <h@x.example>\nDate: 23.11.2026 10:12\n"
        "An: Info\n\n> Kommen Sie?\n\n-- \nHans"
    )

    assert new_part(forward) == forward


def test_answers_between_quoted_lines_keep_the_paragraph_they_answer():
    reply = text("""
        Hallo Hans,

        Am 23.11.2026 um 10:12 schrieb Hans Maier:
        > Guten Tag,
        >
        > kommen Sie um zehn?
        Ja, gern.

        > Bringen Sie
        > den Vertrag mit?
        Nein, der kommt per Post.
        > Gruß
        > Hans
        """)

    assert new_part(reply) == text("""
        Hallo Hans,

        > kommen Sie um zehn?
        Ja, gern.

        > Bringen Sie
        > den Vertrag mit?
        Nein, der kommt per Post.
        """)


def test_a_greeting_between_attribution_and_quotation_ends_nothing():
    reply = text("""
        Am 23.11.2026 um 10:12 schrieb Hans Maier <h@x.example>:

        Hallo Hans,

        > Kommen Sie?

        Ja.
        """)

    assert new_part(reply) == "Hallo Hans,\n\nJa."


@pytest.mark.parametrize(
    "sentence",
    [
        "Am 3. Mai 2026 schrieb ich Ihnen wegen folgender Punkte:",
        "Am 3. Mai um 10:12 schrieb mir Herr Maier folgendes:",
        "Herr Maier schrieb dazu:",
        "On Monday at 10:12 I wrote:",
        "Hans wrote:",
        "Bitte beachten Sie:",
    ],
)
def test_a_persons_own_sentence_is_no_attribution(sentence):
    mail = f"Guten Tag,\n\n{sentence}\n\nDer Preis ist zu hoch."

    assert new_part(mail) == mail


def test_a_journeys_from_and_to_are_no_heading():
    mail = "Ich brauche ein Ticket.\n\nVon: Hamburg\nAn: Berlin\nDatum: 3. Mai\nBetreff: Messe"

    assert new_part(mail) == mail


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nHans Maier\nKontor GmbH",
        "--\nHans Maier",
        "Von meinem iPhone gesendet",
        "Sent from my iPhone",
        "Gesendet von Outlook für Android",
        "Gesendet mit der GMX Mail App",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    ],
)
@pytest.mark.parametrize("history", ["", "\n\nAm 23.11.2026 um 10:12 schrieb Hans:\n> Kommen Sie?"])
def test_a_signature_is_not_new(signature, history):
    assert new_part(f"Gern.\n\n{signature}{history}") == "Gern."


def test_an_answer_below_a_signature_and_quotation_is_kept():
    reply = "Oben.\n-- \nHans\n> Frage?\nUnten."

    assert new_part(reply) == "Oben.\n\nUnten."


def test_a_long_text_below_a_dashed_line_is_no_signature():
    mail = "Oben.\n--\n" + "\n".join(f"Punkt {number}" for number in range(30))

    assert new_part(mail) == mail


@pytest.mark.parametrize(
    "mail",
    [
        "> nur\n> Zitat",
        "Am 23.11.2026 um 10:12 schrieb Hans Maier:\n> Kommen Sie?",
        "Von: Hans <h@x.example>\nGesendet: Montag 10:12\nAn: Info\nBetreff: x\n\nKommen Sie?",
        "-- \nHans",
        "Von meinem iPhone gesendet",
    ],
)
def test_where_nothing_is_new_the_whole_text_is_given(mail):
    assert new_part(f"\n{mail}\n\n") == mail


def test_an_empty_text_has_no_new_part():
    assert new_part(" \n\n") == ""


LINES = st.lists(
    st.sampled_from(
        [
            "Guten Tag,",
            "ein Satz.",
            "",
            "> Frage?",
            ">> ältere Frage?",
            "Am 23.11.2026 um 10:12 schrieb Hans Maier:",
            "Hans wrote:",
            "Von: Hans <h@x.example>",
            "Gesendet: Montag 10:12",
            "An: Info",
            "Von meinem iPhone gesendet",
            "-- ",
            "---------- Forwarded message ---------",
        ]
    )
)


@given(LINES)
def test_the_new_part_is_made_of_the_texts_own_lines_in_order(lines):
    remaining = iter(line.strip() for line in lines)

    kept = [line.strip() for line in new_part("\n".join(lines)).splitlines() if line.strip()]

    assert all(line in remaining for line in kept)


@given(st.lists(st.sampled_from(["neu", "", "auch neu", "> alt", ">> alt", "neu:"])))
def test_no_unquoted_line_of_an_interleaved_reply_is_lost(lines):
    unquoted = [line for line in lines if line and not line.startswith(">")]

    kept = new_part("\n".join(lines)).splitlines()

    assert [line for line in kept if line and not line.startswith(">")] == unquoted


@given(
    st.lists(st.text("abc äöü.,:", max_size=30) | st.just("Am 3. Mai")),
    st.sampled_from(ATTRIBUTIONS),
)
def test_every_line_above_the_first_attribution_is_kept(above, attribution):
    written = [line.strip() for line in above if line.strip()]

    new = new_part("\n".join([*above, attribution, "> alt"]))

    assert not written or [line.strip() for line in new.splitlines() if line.strip()] == written


@given(st.text())
def test_no_text_raises(written):
    new_part(written)


@pytest.mark.parametrize(
    "hostile",
    [
        "Am " * 350_000,
        "Am \n" * 250_000,
        "Am 1.1.2026 10:12 schrieb x\n" * 40_000,
        ">" * 1_000_000,
        ">\n" * 500_000,
        "Von: x\n" * 150_000,
        ("Von: x\n" + "\n" * 13) * 50_000,
        "-- \n" * 250_000,
        "-----\n" * 170_000,
        " " * 1_000_000,
        ("\t " * 200 + "\n") * 2_500,
        "neu\n> alt\n" * 100_000,
        ("Von: x\n" * 19_000) + "x" * 900_000,
        ("Am 1.1.2026 10:12 " * 22 + "\n") * 2_500,
        ("neu" * 16 + "\n> alt\n") * 9_900,
    ],
    ids=lambda written: repr(written[:12]),
)
def test_a_hostile_megabyte_is_read_promptly(hostile):
    started = time.process_time()
    new_part(hostile)

    assert time.process_time() - started < 2
