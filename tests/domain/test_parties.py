"""Who is behind a mail address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mail import MailAddress
from domain.parties import NOBODY, Identified, Party, PartyKind, identify

ACME, GLOBEX = 10, 20


def mailbox(name: str = "") -> MailAddress:
    return MailAddress(name, "info@acme.example")


def person(name: str, id: int = 1, company: int | None = ACME) -> Party:
    return Party(PartyKind.PERSON, id, name, company)


def employee(name: str, id: int = 1) -> Party:
    return Party(PartyKind.EMPLOYEE, id, name)


def company(name: str, id: int = ACME) -> Party:
    return Party(PartyKind.ADDRESS, id, name)


parties = st.builds(
    Party,
    st.sampled_from(PartyKind),
    st.integers(1, 3),
    st.sampled_from(["Hans Maier", "Maier, Hans", "Jörg Groß", "Acme GmbH", ""]),
    st.sampled_from([None, ACME, GLOBEX]),
)


@pytest.mark.rule("R2")
def test_an_address_that_nobody_carries_is_nobodys():
    assert identify(mailbox("Hans Maier"), []) == NOBODY


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("party", "address_id"),
    [
        (person("Hans Maier"), ACME),
        (person("Hans Maier", company=None), None),
        (company("Acme GmbH"), ACME),
        (employee("Hans Maier"), None),
    ],
)
def test_an_address_of_one_party_is_theirs_whatever_name_stands_beside_it(party, address_id):
    identified = identify(mailbox("Buchhaltung"), [party])

    assert identified == Identified(party, address_id=address_id)


@pytest.mark.rule("R2")
def test_a_party_found_twice_is_one():
    assert identify(mailbox(), [company("Acme GmbH")] * 2).party == company("Acme GmbH")


@pytest.mark.rule("R2")
def test_an_address_shared_by_two_persons_is_ambiguous_and_not_the_first_ones():
    hans, eva = person("Hans Maier", 1), person("Eva Kern", 2)

    identified = identify(mailbox(), [hans, eva])

    assert identified == Identified(None, (hans, eva), address_id=ACME)


@pytest.mark.rule("R2")
def test_a_shared_address_is_the_persons_whose_name_stands_beside_it():
    hans, eva = person("Hans Maier", 1), person("Eva Kern", 2)

    identified = identify(mailbox("Eva Kern"), [hans, eva])

    assert identified == Identified(eva, address_id=ACME)


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    "name",
    [
        "Jörg Groß-Maier",
        "JÖRG GROSS-MAIER",
        "Joerg Gross-Maier",
        "Jo\u0308rg Groß-Maier",
        "Groß-Maier, Jörg",
        "Groß-Maier, Dr. Jörg",
        "Dr. Jörg Groß-Maier",
        "Prof. Dr.-Ing. Jörg Groß-Maier",
        "Dipl.-Ing. Jörg Groß-Maier",
        "Herr Jörg Groß-Maier",
        "  Jörg \u00a0 Groß-Maier ",
        "'Jörg Groß-Maier'",
        '"Jörg Groß-Maier"',
    ],
)
def test_a_name_is_the_same_however_it_is_written(name):
    joerg = person("Jörg Groß-Maier", 1)

    identified = identify(mailbox(name), [joerg, person("Eva Kern", 2)])

    assert identified.party == joerg


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    "name",
    ["", "Hans", "Maier Hans", "Hans Maierhofer", "Hans-Maier", "Dr.", "info@acme.example"],
)
def test_a_name_that_is_only_similar_decides_nothing(name):
    known = [person("Hans Maier", 1), person("Eva Kern", 2), person("", 3)]

    assert identify(mailbox(name), known).party is None


@pytest.mark.rule("R2")
def test_two_persons_of_one_name_stay_ambiguous():
    known = [person("Hans Maier", 1), person("Maier, Hans", 2), person("Eva Kern", 3)]

    assert identify(mailbox("Hans Maier"), known).ambiguous == tuple(known)


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("known", "address_id"),
    [
        ([person("Hans Maier", 1), company("Acme GmbH")], ACME),
        ([person("Hans Maier", 1), person("Eva Kern", 2, GLOBEX)], None),
        ([person("Hans Maier", 1), person("Eva Kern", 2, None)], None),
        ([company("Acme GmbH", ACME), company("Globex AG", GLOBEX)], None),
        ([person("Hans Maier", 1), employee("Eva Kern")], None),
    ],
)
def test_the_company_is_known_where_all_who_share_an_address_belong_to_it(known, address_id):
    assert identify(mailbox(), known).address_id == address_id


@pytest.mark.rule("R2")
def test_an_employee_is_not_preferred_to_a_customer_with_the_same_address():
    customer, colleague = person("Hans Maier"), employee("Eva Kern")

    assert identify(mailbox(), [colleague, customer]).party is None
    assert identify(mailbox("Eva Kern"), [colleague, customer]).party == colleague


@pytest.mark.rule("R2")
@given(st.lists(parties, max_size=5), st.randoms(use_true_random=False), st.text(max_size=20))
def test_the_order_of_rows_never_matters(known, random, name):
    shuffled = random.sample(known, len(known))

    assert identify(mailbox(name), shuffled) == identify(mailbox(name), known)


@pytest.mark.rule("R2")
@given(st.lists(parties, max_size=5), st.sampled_from(["", "Hans Maier", "Jörg Groß"]))
def test_whoever_is_identified_was_known(known, name):
    identified = identify(mailbox(name), known)

    assert identified.party is None or identified.party in known
    assert set(identified.ambiguous) <= set(known)
    assert identified.party is None or not identified.ambiguous
