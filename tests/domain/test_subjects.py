"""What a subject says besides its words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.subjects import MOST_NUMBERS, bare_subject, case_numbers_in, is_forward

REPLIES = {
    "English, French, Spanish": "Re RE re Rép Re\u0301p",
    "German, Dutch": "Aw AW aw Antw Antwort ANTWORT",
    "Danish, Norwegian, Swedish, Finnish": "SV Sv Svar VS",
    "Italian, Portuguese": "R Rif RIF RES Res",
    "Polish, Czech, Croatian, Hungarian": "Odp ODP Odg Vá VÁ Va\u0301",
    "Lithuanian, Latvian, Turkish": "Ats Atb YNT Ynt",
    "Greek, Russian, Bulgarian, Ukrainian": "ΑΠ Απ ΣΧΕΤ Отв ОТВ Ответ НА Отг Відп",
}
FORWARDS = {
    "English": "Fwd FWD fwd Fw FW",
    "German, Dutch": "WG Wg Wtr Weitergeleitet Doorst",
    "French, Spanish, Portuguese, Italian": "TR Tr RV ENC Enc I",
    "Swedish, Finnish, Polish, Hungarian": "VB VL PD Tov Továbbítás",
    "Turkish, Greek, Russian": "İLT ilt ΠΡΘ Πρθ Пересл",
}
ONE_OR_MORE_PREFIXES = {
    "plain": ["Re: ", "RE:", "AW: ", "AW:AW: ", "WG: ", "Fwd: "],
    "counted": ["Re[2]: ", "AW (3): ", "Re^2: "],
    "with odd blanks and colons": ["Re : ", "RE： ", "AW:\u00a0", "AW\u00a0: ", "\u200eRe: "],
    "marked by a gateway": ["[EXTERN] ", "[External]: "],
}
reply_words = [word for words in REPLIES.values() for word in words.split()]
forward_words = [word for words in FORWARDS.values() for word in words.split()]
prefixes = st.sampled_from([each for some in ONE_OR_MORE_PREFIXES.values() for each in some])
hostile = st.text(st.sampled_from("RreEawWG:：[]()2 \u00a0\u200bFd"), max_size=40)


@pytest.mark.rule("R2")
@pytest.mark.parametrize("word", [*reply_words, *forward_words])
@pytest.mark.parametrize("end", [": ", ":", " : ", "\u00a0:\u00a0", "：", "[2]: ", " (3) : "])
def test_a_prefix_of_any_language_is_taken_away_however_it_ends(word, end):
    assert bare_subject(f"{word}{end}Angebot Dachfenster") == "Angebot Dachfenster"


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    "subject",
    [
        "Angebot",
        "  Angebot\t",
        "RE: AW: WG: Angebot",
        "RE:AW:WG:Angebot",
        "[EXTERN] AW: Angebot",
        "AW: [EXTERN] Re: Angebot",
        "[EXTERNAL] Angebot",
        "[External Email]: Angebot",
        "[EXT][EXTERN] Angebot",
        "AW:\u200b Angebot \ufeff",
        "[Fwd: Angebot]",
        "[Fwd: [Fwd: Angebot] ]",
        "Re: [Fwd: AW: Angebot]",
    ],
)
def test_prefixes_and_marks_in_any_row_leave_the_bare_subject(subject):
    assert bare_subject(subject) == "Angebot"


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Re",
        "Regen: was tun?",
        "Re Angebot",
        "Rechnung: 4711",
        "Angebot Re: Dachfenster",
        "AW-Reihe: neu",
        "Wagner: Re",
        "Re2: Angebot",
        "Re[ab]: Angebot",
        "[Extra] Angebot",
        "[Externe Vergabe] Angebot",
        "[#SC-1042.7k2mq9xa4c] Angebot",
        "[Fwd: Angebot] und mehr",
        "[Fwd: Angebot",
        "Angebot]",
    ],
)
def test_what_only_looks_like_a_prefix_stays(subject):
    assert bare_subject(subject) == subject


@pytest.mark.rule("R2")
@pytest.mark.parametrize("subject", ["Re:", "AW: WG:", "[EXTERN]", "[Fwd:]", "[Fwd: ]", " \u00a0"])
def test_of_prefixes_alone_nothing_is_left(subject):
    assert bare_subject(subject) == ""


@pytest.mark.rule("R2")
@given(st.lists(prefixes), st.text(max_size=30))
def test_prefixes_put_before_a_subject_never_change_what_it_is(several, subject):
    assert bare_subject("".join(several) + subject) == bare_subject(subject)


@pytest.mark.rule("R2")
@given(hostile | st.text())
def test_a_bare_subject_is_a_part_of_the_subject_and_is_bare(subject):
    bare = bare_subject(subject)

    assert bare in subject
    assert bare_subject(bare) == bare


@pytest.mark.rule("R2")
@pytest.mark.parametrize("word", forward_words)
def test_a_forward_is_known_by_its_prefix(word):
    assert is_forward(f"{word}: Angebot")


@pytest.mark.rule("R2")
@pytest.mark.parametrize("word", reply_words)
def test_a_reply_is_no_forward(word):
    assert not is_forward(f"{word}: Angebot")


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("subject", "forward"),
    [
        ("", False),
        ("Angebot", False),
        ("Angebot WG: Dach", False),
        ("WG: AW: Angebot", True),
        ("AW: WG: Angebot", False),
        (" [EXTERN] WG: Angebot", True),
        ("[EXTERN] Angebot", False),
        ("[Fwd: Angebot]", True),
    ],
)
def test_what_was_done_last_to_a_message_stands_first_in_its_subject(subject, forward):
    assert is_forward(subject) is forward


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Rückfrage zu SC-1042", ("SC-1042",)),
        ("sc-1042: Rückfrage", ("SC-1042",)),
        ("PR-7.", ("PR-7",)),
        ("(AUF-2026-0012)", ("AUF-2026-0012",)),
        ("[#SC-1042] und PR-7/PR-8", ("SC-1042", "PR-7", "PR-8")),
        ("SC-1042, sc-1042", ("SC-1042",)),
        ("SC\u20111042 und PR–7", ("SC-1042", "PR-7")),  # as word processors write them
        ("[#SC-1042.7k2mq9xa4c]", ("SC-1042",)),
        ("sales+sc-1042.7k2mq9xa4c@firm.example", ("SC-1042",)),
        ("SC-1042?PR-7!", ("SC-1042", "PR-7")),
        ("SC-1042-", ("SC-1042",)),
        ("", ()),
        ("SC 1042", ()),
        ("SC-", ()),
        ("S-1042", ()),
        ("SERVICE-1042", ()),
        ("XX_SC-1042", ()),
        ("ÜSC-1042", ()),
        ("1SC-1042", ()),
        ("A-SC-1042", ()),
        ("SC-1042a", ()),
        ("SC-1042-a", ()),
        ("SC-1042_1", ()),
        ("SC-1234567890123", ()),
        ("SC-1-2-3-4-5", ()),
    ],
)
def test_case_numbers_are_found_where_they_stand_alone(text, numbers):
    assert case_numbers_in(text) == numbers


@pytest.mark.rule("R2")
def test_an_installation_may_number_its_cases_otherwise():
    assert case_numbers_in("v1042|w7, aber SC-1, V8b, XW9", r"V\d+|W\d+") == ("V1042", "W7")


@pytest.mark.rule("R2")
def test_no_more_numbers_are_found_than_a_person_would_ever_name():
    text = " ".join(f"SC-{number}" for number in range(1000))

    assert len(case_numbers_in(text)) == MOST_NUMBERS


@pytest.mark.rule("R2")
@given(st.text(st.sampled_from("ScPR-17_ .üx"), max_size=60))
def test_numbers_found_are_numbers_again(text):
    numbers = case_numbers_in(text)

    assert case_numbers_in(" ".join(numbers)) == numbers


@pytest.mark.rule("R2")
@pytest.mark.parametrize("look", [bare_subject, is_forward, case_numbers_in])
@pytest.mark.parametrize(
    "piece",
    [
        "Re: ",
        "[EXTERN]",
        "[Fwd:",
        "[Fwd: ]",
        "Re",
        " ",
        "\u200b",
        "]",
        "[",
        "SC-1",
        "-",
        "SC-1042 ",
    ],
)
def test_hostile_subjects_take_no_longer_than_their_length(look, piece):
    subject = "x" + piece * (500_000 // len(piece))

    begin = time.process_time()
    look(subject)
    look(subject[1:])

    assert time.process_time() - begin < 2
