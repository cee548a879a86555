"""A case's signed token: what proves that a message belongs to a case."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tokens import (
    MOST_FOUND,
    SIGNATURE_LENGTH,
    case_token,
    cases_signed_in,
    reply_address,
    without_tokens,
)

SECRET = b"the secret of this installation"
OTHER_SECRET = b"the secret of another one"
TOKEN = case_token("SC-1042", SECRET)
SIGNATURE = TOKEN.removeprefix("SC-1042.")
SIGNATURE_CHARACTERS = "0123456789abcdefghjkmnpqrstvwxyz"

numbers = st.from_regex(r"\A[A-Z]{1,5}(-[0-9]{1,6}){1,3}\Z")
secrets = st.binary(min_size=1, max_size=64)


def with_breaks_every(step: int, mark: str) -> str:
    pieces = [SIGNATURE[at : at + step] for at in range(0, len(SIGNATURE), step)]
    return f"SC-1042.{mark.join(pieces)}"


@pytest.mark.rule("R2")
def test_a_token_is_the_cases_number_and_a_signature_of_fifty_bits():
    number, _, signature = TOKEN.partition(".")

    assert number == "SC-1042"
    assert len(signature) == SIGNATURE_LENGTH
    assert set(signature) <= set(SIGNATURE_CHARACTERS)
    assert len(SIGNATURE_CHARACTERS) ** SIGNATURE_LENGTH >= 2**50


@pytest.mark.rule("R2")
def test_the_token_of_a_case_never_changes():
    # Printed in mails years old: another way of signing would unsign them all.
    assert case_token("SC-1042", b"secret") == "SC-1042.ya3jhcg2k9"


@pytest.mark.rule("R2")
def test_the_letters_case_of_a_case_number_makes_no_other_token():
    assert case_token("sc-1042", SECRET) == TOKEN


@pytest.mark.rule("R2")
def test_signatures_of_different_cases_differ():
    tokens = [case_token(f"SC-{number}", SECRET) for number in range(10_000)]

    assert len({token.partition(".")[2] for token in tokens}) == len(tokens)


@pytest.mark.rule("R2")
@given(numbers, secrets, st.text(" .,:;#[]()äß\n", max_size=20), st.text(" .,:;#[]()äß\n"))
def test_a_case_is_found_by_its_token_wherever_it_stands(number, secret, before, after):
    text = f"{before}{case_token(number, secret)}{after}"

    assert cases_signed_in(text, secret) == (number,)


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    "text",
    [
        f"AW: Lieferung [#{TOKEN}]",
        f"Lieferung [#{TOKEN.lower()}]",
        f"Lieferung [#{TOKEN.upper()}]",
        f"Lieferung [# {TOKEN} ]",
        f"Lieferung [#SC-1042. {SIGNATURE}]",
        f"Lieferung [#SC-1042\r\n .{SIGNATURE}]",
        f"Lieferung [#SC-1042.\u00a0{SIGNATURE}]",
        f"Lieferung [#SC-1042.\u200b{SIGNATURE}]",
        f"Lieferung [#{with_breaks_every(4, ' ')}]",
        f"Lieferung [#{with_breaks_every(1, ' ')}]",
        f"Lieferung [#{with_breaks_every(5, chr(13) + chr(10) + ' ')}]",
        f"Am 7. ABCDEFGH {TOKEN}",  # what only looks like a token overlaps the true one
        f"Hallo - {TOKEN}",
        f"ref={TOKEN}",
        f"Ü{TOKEN}ß",
        f"{TOKEN}, {TOKEN}",
    ],
)
def test_a_token_survives_what_mailers_do_to_it(text):
    assert cases_signed_in(text, SECRET) == ("SC-1042",)


@pytest.mark.rule("R2")
@pytest.mark.parametrize(("true", "typed"), [("0", "o"), ("0", "O"), ("1", "l"), ("1", "I")])
def test_characters_that_look_alike_are_read_as_they_were_meant(true, typed):
    tokens = (case_token(f"SC-{number}", SECRET) for number in range(1000))
    number, _, signature = next(token for token in tokens if true in token[-5:]).partition(".")

    found = cases_signed_in(f"{number}.{signature.replace(true, typed)}", SECRET)

    assert found == (number,)


@pytest.mark.rule("R2")
@given(st.integers(0, SIGNATURE_LENGTH - 1), st.sampled_from(SIGNATURE_CHARACTERS + "u"))
def test_a_signature_with_another_character_is_none(place, character):
    forged = SIGNATURE[:place] + character + SIGNATURE[place + 1 :]

    assert bool(cases_signed_in(f"SC-1042.{forged}", SECRET)) is (forged == SIGNATURE)


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "SC-1042",
        "SC-1042.",
        f"SC-1043.{SIGNATURE}",
        f"XSC-1042.{SIGNATURE}",
        f"SC-10420.{SIGNATURE}",
        f"SC-1042.{SIGNATURE[:-1]}",
        f"SC-1042.{SIGNATURE}x",
        f"SC-1042.x{SIGNATURE}",
        f"SC-1042,{SIGNATURE}",
        f"SC-1042.{SIGNATURE}".replace("S", "ſ", 1),
        case_token("SC-1042", OTHER_SECRET),
    ],
)
def test_what_is_not_signed_for_this_case_by_this_installation_counts_for_nothing(text):
    assert cases_signed_in(text, SECRET) == ()


@pytest.mark.rule("R2")
def test_the_tokens_of_several_cases_are_found_in_their_order_and_each_once():
    tokens = [case_token(number, SECRET) for number in ("PR-7", "SC-1042", "PR-7")]

    assert cases_signed_in(" ".join(tokens), SECRET) == ("PR-7", "SC-1042")


@pytest.mark.rule("R2")
def test_no_more_cases_are_found_than_a_person_would_ever_name():
    text = " ".join(case_token(f"SC-{number}", SECRET) for number in range(100))

    assert len(cases_signed_in(text, SECRET)) == MOST_FOUND


@pytest.mark.rule("R2")
def test_a_reply_address_carries_the_token_of_its_case():
    address = reply_address("sales@firm.example", "SC-1042", SECRET)

    assert address == f"sales+sc-1042.{SIGNATURE}@firm.example"
    assert cases_signed_in(address, SECRET) == ("SC-1042",)


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    "base", ["", "sales", "@firm.example", "sales@", '"a b"@firm.example', f"{'a' * 50}@a.example"]
)
def test_an_address_that_cannot_carry_a_token_is_refused(base):
    with pytest.raises(ValueError, match="address"):
        reply_address(base, "SC-1042", SECRET)


@pytest.mark.rule("R2")
@pytest.mark.parametrize("number", ["", "SC 1042", "SC--1", "SC-", "KÜ-12", "SC-1\n", "a" * 17])
def test_a_case_number_that_no_token_can_carry_is_refused(number):
    with pytest.raises(ValueError, match="case number"):
        case_token(number, SECRET)


@pytest.mark.rule("R2")
def test_an_empty_secret_signs_nothing():
    with pytest.raises(ValueError, match="secret"):
        case_token("SC-1042", b"")


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    "piece", ["a", "-", ".", "a.", "a-", "a.b ", "a   ", "a.bbbbbbbbbb ", f"SC-1042.{SIGNATURE} "]
)
def test_hostile_text_takes_no_longer_than_its_length(piece):
    text = piece * (1_000_000 // len(piece))

    begin = time.process_time()
    cases_signed_in(text, SECRET)

    assert time.process_time() - begin < 1


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        (f"Ihr Gerät [{TOKEN}]", "Ihr Gerät"),
        (f"AW: [{TOKEN}] Ihr Gerät", "AW: Ihr Gerät"),
        (f"Ihr {TOKEN.lower()} Gerät [ {TOKEN} ]", "Ihr Gerät"),
        (TOKEN, ""),
        ("Ihr Gerät [SC-1042]", "Ihr Gerät [SC-1042]"),
        (f"Ihr Gerät [{case_token('SC-1042', OTHER_SECRET)}]", None),
    ],
)
def test_valid_tokens_are_taken_out_of_a_subject_and_nothing_else(subject, bare):
    assert without_tokens(subject, SECRET) == (subject if bare is None else bare)


@given(st.text(max_size=60))
def test_a_text_without_a_token_stays_as_it_is(text):
    assert without_tokens(text, SECRET) == text
