"""What each channel demands of a contact."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sendables import ACTOR, addressee, sendable, service, wish

from domain.channel_rules import E_MAIL, FAX, MESSAGE, SMS
from domain.mail import ReceptionKind
from domain.refusals import Refusal
from domain.sending import Ask, Choice, Findings, Question, Reason, Texts
from domain.tokens import case_token

TO, CC, BCC, NONE = ReceptionKind
OUTSIDE = (E_MAIL, SMS, FAX)
TOKEN = case_token("SC-1042", b"secret")


def found(rules, contact=None, **wishes) -> Findings:
    return rules.findings(wish(channel=rules.channel, **wishes), contact or sendable())


def reasons(findings: Findings) -> list[Reason]:
    return [each.reason for each in findings.refusals]


def name(rules) -> str:
    return str(rules.channel)


# --- what e-mail, SMS and fax have in common ------------------------------------------------


@pytest.mark.rule("E2", "S1", "F1")
@pytest.mark.parametrize("rules", OUTSIDE, ids=name)
@pytest.mark.parametrize("options", [set(), {"e-mail"}, {"sms"}, {"fax"}, {"sms", "fax"}])
def test_the_activity_type_has_the_option_of_the_channel(rules, options):
    findings = found(rules, sendable(options=frozenset(options)))

    refused = [] if rules.channel in options else [Refusal(Reason.NO_OPTION, rules.channel)]
    assert list(findings.refusals) == refused


@pytest.mark.rule("E3", "S2", "F2")
@pytest.mark.parametrize("rules", OUTSIDE, ids=name)
def test_what_was_sent_is_not_sent_again_by_e_mail_sms_or_fax(rules):
    assert reasons(found(rules, sendable(sent=True))) == [Reason.ALREADY_SENT]


# --- e-mail ---------------------------------------------------------------------------------


@pytest.mark.rule("E1")
@given(st.lists(st.sampled_from(ReceptionKind), max_size=5))
def test_an_e_mail_has_at_least_one_recipient_to_whom_it_is(kinds):
    addressees = tuple(addressee(position, kind=kind) for position, kind in enumerate(kinds, 1))

    findings = found(E_MAIL, replace(sendable(), addressees=addressees))

    assert (Reason.NO_MAIN_RECIPIENT in reasons(findings)) is (TO not in kinds)


@pytest.mark.rule("E4")
@given(st.lists(st.sampled_from(ReceptionKind), min_size=1, max_size=6))
def test_each_recipient_is_a_destination_by_its_kind_and_none_is_none(kinds):
    addressees = [addressee(position, kind=kind) for position, kind in enumerate(kinds, 1)]

    destinations = found(E_MAIL, sendable(addressees)).destinations

    assert [(each.position, each.kind, each.to) for each in destinations] == [
        (each.position, each.kind, each.email) for each in addressees if each.kind is not NONE
    ]


@pytest.mark.rule("E4")
@pytest.mark.parametrize(
    ("kinds", "shown"),
    [
        ((TO, CC), (1, TO)),
        ((CC, TO), (2, TO)),
        ((BCC, CC), (2, CC)),
        ((BCC, TO), (2, TO)),
        ((TO, TO), (1, TO)),
        ((NONE, BCC), (2, BCC)),
    ],
)
def test_an_address_that_stands_twice_is_one_delivery_by_the_kind_that_shows_most(kinds, shown):
    addresses = ("Petra@Mueller.example", " petra@mueller.EXAMPLE")
    addressees = [
        addressee(position, kind=kind, email=email)
        for position, (kind, email) in enumerate(zip(kinds, addresses, strict=True), 1)
    ]

    destinations = found(E_MAIL, sendable(addressees)).destinations

    assert [(each.position, each.kind) for each in destinations] == [shown]


@pytest.mark.parametrize(
    ("email", "refusal"),
    [
        ("petra@mueller.example", None),
        ("änne@müller.example", None),
        ("petra@mueller.test", None),
        ("petra+x@mueller.example", None),
        ("", Refusal(Reason.NO_ADDRESS, "Petra")),
        ("petra", Refusal(Reason.BAD_ADDRESS, "petra")),
        ("petra@", Refusal(Reason.BAD_ADDRESS, "petra@")),
    ],
)
def test_who_cannot_be_reached_by_e_mail_is_named(email, refusal):
    findings = found(E_MAIL, sendable([addressee(name="Petra", email=email)]))

    assert findings.refusals == ((refusal,) if refusal else ())


@pytest.mark.parametrize(
    "email",
    [
        "petra@mueller.example, x@evil.test",
        "petra@mueller.example\nBcc: x@evil.test",
        "Petra <petra@mueller.example>",
        "@mueller.example",
        "petra @mueller.example",
    ],
)
def test_what_is_more_or_less_than_one_address_is_refused(email):
    findings = found(E_MAIL, sendable([addressee(email=email)]))

    assert findings.refusals == (Refusal(Reason.BAD_ADDRESS, email),)


def test_everybody_who_cannot_be_reached_is_named_at_once():
    addressees = [
        addressee(1, email=""),
        addressee(2, email="x"),
        addressee(3, name="", email=""),
        addressee(4, kind=NONE, email=""),
        addressee(5),
    ]

    findings = found(E_MAIL, sendable(addressees))

    assert findings.refusals == (
        Refusal(Reason.NO_ADDRESS, "Petra Müller 1"),
        Refusal(Reason.BAD_ADDRESS, "x"),
        Refusal(Reason.NO_ADDRESS, "#3"),
    )


@pytest.mark.parametrize(
    ("matchcode", "refused"),
    [
        ("Angebot 4711", False),
        ("Gr\u00f6\u00dfe\u00a0XL", False),
        ("Wärme\u00adpumpe", False),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 Familie", False),
        ("見積\u3000書", False),
        ("a\nb", True),
        ("a\rb", True),
        ("a\tb", True),
        ("a\0b", True),
        ("a\x85b", True),
        ("a\u2028b", True),
        ("a\ud800b", True),
    ],
)
def test_a_matchcode_that_could_break_out_of_its_header_is_refused(matchcode, refused):
    findings = found(E_MAIL, sendable(matchcode=matchcode))

    assert reasons(findings) == ([Reason.CONTROL_CHARACTERS] if refused else [])


@pytest.mark.rule("E7", "M1")
@pytest.mark.parametrize("rules", [E_MAIL, MESSAGE], ids=name)
@pytest.mark.parametrize("matchcode", ["", " ", "\u00a0", "x"])
@pytest.mark.parametrize("confirmed", [(), (Ask.EMPTY_TEXT,), (Ask.EMPTY_SUBJECT,)])
def test_an_empty_matchcode_is_asked_about_until_it_is_confirmed(rules, matchcode, confirmed):
    asked = found(rules, sendable(matchcode=matchcode), confirmed=frozenset(confirmed)).questions

    open_question = not matchcode.strip() and Ask.EMPTY_SUBJECT not in confirmed
    assert asked == ((Question(Ask.EMPTY_SUBJECT),) if open_question else ())


@pytest.mark.rule("E6")
def test_an_e_mail_gets_the_prefix_the_token_and_the_signature_and_none_of_them_twice():
    area = service(subject_prefix="[Helpdesk]", signature="Die Firma")
    once = E_MAIL.texts(Texts("Fehler", "Hallo", "<p>Hallo</p>"), ACTOR, area, TOKEN)

    twice = E_MAIL.texts(once, ACTOR, area, TOKEN)

    assert once == twice
    assert once.matchcode == f"[Helpdesk] Fehler [{TOKEN}]"
    assert once.text == "Hallo\n\n-- \nDie Firma"
    assert once.html is not None
    assert once.html.endswith("<p>-- <br>\nDie Firma</p>")


@pytest.mark.rule("E5", "E6")
def test_a_plain_contact_stays_plain_and_without_a_token_none_is_added():
    texts = E_MAIL.texts(Texts("Fehler", "Hallo"), ACTOR, service(), None)

    assert texts == Texts("Fehler", "Hallo")


@pytest.mark.rule("E6")
@pytest.mark.parametrize(("own", "used"), [("Anna", "Anna"), ("", "Die Firma")])
def test_an_employees_own_signature_goes_before_the_accounts(own, used):
    actor = replace(ACTOR, signature=own)

    texts = E_MAIL.texts(Texts("Fehler", "Hallo"), actor, service(signature="Die Firma"), None)

    assert texts.text == f"Hallo\n\n-- \n{used}"


@pytest.mark.parametrize("rules", [SMS, FAX, MESSAGE], ids=name)
def test_the_other_channels_send_what_the_author_wrote(rules):
    texts = Texts("Fehler", "Hallo", "<p>Hallo</p>")
    area = service(subject_prefix="[Helpdesk]", signature="Die Firma")

    assert rules.texts(texts, ACTOR, area, TOKEN) == texts


# --- SMS and fax ----------------------------------------------------------------------------


@pytest.mark.rule("S3", "F3")
@pytest.mark.parametrize("rules", [SMS, FAX], ids=name)
def test_of_several_recipients_one_is_chosen(rules):
    contact = sendable([addressee(1), addressee(2), addressee(3, kind=NONE)])

    open_one = found(rules, contact)
    chosen = found(rules, contact, recipient=2)

    choices = (Choice(1, "Petra Müller 1"), Choice(2, "Petra Müller 2"))
    assert open_one.questions == (Question(Ask.WHICH_RECIPIENT, choices=choices),)
    assert open_one.destinations == ()
    assert [each.position for each in chosen.destinations] == [2]
    assert chosen.questions == ()


@pytest.mark.rule("S3", "F3")
@pytest.mark.parametrize("rules", [SMS, FAX], ids=name)
@pytest.mark.parametrize(
    ("kinds", "recipient", "reason"),
    [
        ((TO, TO), 9, Reason.RECIPIENT_UNKNOWN),
        ((TO, NONE), 2, Reason.RECIPIENT_UNKNOWN),
        ((NONE,), None, Reason.NO_RECIPIENT),
        ((NONE,), 1, Reason.NO_RECIPIENT),
    ],
)
def test_without_one_recipient_nothing_is_sent(rules, kinds, recipient, reason):
    addressees = [addressee(position, kind=kind) for position, kind in enumerate(kinds, 1)]

    findings = found(rules, sendable(addressees), recipient=recipient)

    assert reasons(findings) == [reason]
    assert findings.destinations == ()


@pytest.mark.rule("S4", "F3")
@pytest.mark.parametrize(
    ("rules", "known", "entered", "number"),
    [
        (SMS, "0151 23456789", None, "+4915123456789"),
        (SMS, "0151 23456789", "+43 664 1234567", "+436641234567"),
        (SMS, "", "0151/23456789", "+4915123456789"),
        (SMS, "123", None, None),
        (SMS, "", None, None),
        (SMS, "0151 23456789", "call me", None),
        (FAX, "030 1234567", None, "+49301234567"),
        (FAX, "030 1234567", "0043 1 5123456", "+4315123456"),
        (FAX, "", None, None),
    ],
)
def test_a_number_is_kept_in_international_form_or_asked_for(rules, known, entered, number):
    to = addressee(mobile=known, fax=known)

    findings = found(rules, sendable([to]), number=entered)

    assert [each.to for each in findings.destinations] == ([number] if number else [])
    asked = () if number else (Question(Ask.WHICH_NUMBER, entered or known),)
    assert findings.questions == asked


@pytest.mark.rule("S4")
def test_a_number_without_a_country_is_of_the_installations_region():
    findings = found(SMS, sendable([addressee(mobile="0664 1234567")], region="AT"))

    assert [each.to for each in findings.destinations] == ["+436641234567"]


@pytest.mark.rule("S5")
@pytest.mark.parametrize("text", ["", " \n", "x"])
@pytest.mark.parametrize("confirmed", [(), (Ask.EMPTY_SUBJECT,), (Ask.EMPTY_TEXT,)])
def test_an_empty_text_is_asked_about_until_it_is_confirmed(text, confirmed):
    asked = found(SMS, sendable(text=text), confirmed=frozenset(confirmed)).questions

    open_question = not text.strip() and Ask.EMPTY_TEXT not in confirmed
    assert asked == ((Question(Ask.EMPTY_TEXT),) if open_question else ())


@pytest.mark.parametrize("rules", [SMS, FAX])
def test_files_that_do_not_go_with_it_are_asked_about_until_that_is_confirmed(rules):
    contact = sendable(files=2)

    asked = found(rules, contact).questions
    confirmed = found(rules, contact, confirmed=frozenset({Ask.WITHOUT_FILES})).questions

    assert asked == (Question(Ask.WITHOUT_FILES, "2"),)
    assert confirmed == ()


def test_files_go_with_an_e_mail():
    assert found(E_MAIL, sendable(files=2)).questions == ()


@pytest.mark.rule("X4", "S1", "S2", "S4", "S5")
def test_an_sms_names_everything_that_is_wrong_at_once():
    contact = sendable([addressee(mobile="1")], options=frozenset(), sent=True, text="")

    findings = found(SMS, contact)

    assert reasons(findings) == [Reason.NO_OPTION, Reason.ALREADY_SENT]
    assert [each.ask for each in findings.questions] == [Ask.WHICH_NUMBER, Ask.EMPTY_TEXT]


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("Hallo", "1 × SMS (5 GSM-7)"),
        ("a" * 161, "2 × SMS (161 GSM-7)"),
        ("ж" * 71, "2 × SMS (71 UCS-2)"),
    ],
)
def test_how_many_parts_an_sms_takes_is_said_before_it_is_sent(text, remark):
    assert found(SMS, sendable(text=text)).remark == remark


# --- message --------------------------------------------------------------------------------


def colleague(position: int, number: str = "1002", **changes):
    usual = {"employee_id": int(number), "personnel_number": number, "name": "Jonas Weber"}
    return addressee(position, **{**usual, **changes})


@pytest.mark.rule("M2")
@pytest.mark.parametrize("sent", [True, False])
def test_a_message_needs_no_option_and_goes_out_after_everything_else(sent):
    findings = found(MESSAGE, sendable([colleague(1)], options=frozenset(), sent=sent))

    assert findings.refusals == ()
    assert len(findings.destinations) == 1


@pytest.mark.rule("M3")
def test_only_a_message_does_not_leave_the_house():
    assert [rules.leaves_the_house for rules in (E_MAIL, SMS, FAX, MESSAGE)] == [True] * 3 + [False]


@pytest.mark.rule("M4")
def test_a_message_reaches_the_employees_once_each_and_not_the_kind_none():
    contact = sendable([
        colleague(1, "1002"),
        colleague(2, "1003"),  # of the same name: two people all the same
        colleague(3, "1002", kind=CC),
        colleague(4, "1004", kind=NONE),
        addressee(5, kind=NONE),
    ])  # fmt: skip

    destinations = found(MESSAGE, contact).destinations

    assert [(each.employee_id, each.to) for each in destinations] == [
        (1002, "1002"),
        (1003, "1003"),
    ]


@pytest.mark.rule("M4")
def test_recipients_who_are_no_employees_are_refused_by_name():
    contact = sendable([colleague(1), addressee(2), addressee(3, name="", email="x@y.example")])

    findings = found(MESSAGE, contact)

    assert findings.refusals == (
        Refusal(Reason.NO_EMPLOYEE, "Petra Müller 2"),
        Refusal(Reason.NO_EMPLOYEE, "x@y.example"),
    )


@pytest.mark.rule("M4")
def test_a_message_to_nobody_is_refused():
    assert reasons(found(MESSAGE, sendable([colleague(1, kind=NONE)]))) == [Reason.NO_RECIPIENT]
