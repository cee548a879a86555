"""Writing and sending contacts on the command line: what is asked, refused and queued."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import PATIENCE, kontakt, kontakt_at_a_terminal, sending_store
from outgoing_contacts import ANNA, GUEST, JONAS, MIA, PETRA, saved

from domain.contacts import NewRecipient
from domain.delivery import DispatchStatus
from domain.directory import Address, Directory, Person
from tasks.store.contacts import show_contact
from tasks.store.database import Store
from tasks.store.directory import apply_directory
from tasks.store.dispatches import DispatchLine, list_dispatches

UWE = NewRecipient("uwe@mueller.example")
MIA_HERSELF = NewRecipient(employee=MIA)
PHONES = Directory(
    address=(
        Address(
            number="10001",
            name="Müller Maschinenbau GmbH",
            person=(
                Person(name="Petra Müller", emails=(PETRA.email,), mobile="0171 2345678"),
                Person(name="Uwe Lang", emails=(UWE.email,), mobile="12"),
            ),
        ),
    ),
)
NO_PREFECT = """
import sys
from deployments.cli import main
sys.argv = ["kontakt", *sys.argv[1:]]
try:
    main()
finally:
    assert not [name for name in sys.modules if name.partition(".")[0] == "prefect"]
"""


@pytest.fixture
def store(sqlite_template: Path) -> Store:
    """The store that the command line sees, with telephone numbers in it."""
    store = sending_store(sqlite_template)
    apply_directory(store, PHONES)
    return store


def dispatched(store: Store, contact: int) -> list[DispatchLine]:
    return list_dispatches(store, contact_id=contact)


def test_a_contact_is_written_with_all_that_belongs_to_it(store, tmp_path):
    (tmp_path / "rich.html").write_text("<p>Es <b>läuft</b>.</p>", encoding="utf-8")
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.7")
    people = ("--to", "Petra Müller <petra@mueller.example>", "--cc", "10001/Uwe Lang")
    files = ("--html", str(tmp_path / "rich.html"), "--file", str(tmp_path / "plan.pdf"))

    said = kontakt(
        *("contact", "new", "--as", JONAS, "--matchcode", "Gerät", "--case", "SC-1042"),
        *("--employee", ANNA, "--bcc", "f@lindner.example", *people, *files),
    )

    contact = show_contact(store, int(said.out))
    people_there = [(each.role, each.address) for each in contact.correspondents]
    assert people_there[1:] == [
        ("to", "petra@mueller.example"),
        ("cc", "uwe@mueller.example"),
        ("bcc", "f@lindner.example"),
        ("to", "anna.berger@firm.example"),
    ]
    assert contact.html == "<p>Es <b>läuft</b>.</p>"
    assert contact.new_text == "Es läuft."
    assert [each.name for each in contact.attachments] == ["plan.pdf"]
    assert contact.line.case_number == "SC-1042"


@pytest.mark.rule("X3")
def test_a_contact_is_written_and_sent_by_one_command(store):
    written = ("contact", "new", "--as", JONAS, "--to", UWE.email, "--matchcode", "Gerät")

    said = kontakt(*written, "--send", "e-mail")

    number, queued = said.out.splitlines()
    [line] = dispatched(store, int(number))
    assert said.code == 0
    assert queued.startswith(f"Dispatch {line.id} is queued")


def test_what_is_written_is_kept_where_sending_it_is_refused(store):
    said = kontakt("contact", "new", "--as", JONAS, "--to", UWE.email, "--send", "fax")

    assert said.code == 1
    assert "does not have the option fax" in said.err
    assert show_contact(store, int(said.out)).line.matchcode == ""


@pytest.mark.rule("X2", "X6")
def test_a_contact_is_changed_until_it_is_sent(store):
    contact = saved(store)
    change = ("contact", "edit", str(contact), "--as", JONAS, "--matchcode", "Neu")

    before = kontakt(*change, "--to", UWE.email)
    kontakt("contact", "send", str(contact), "--as", JONAS)
    after = kontakt(*change)
    status = kontakt("contact", "status", str(contact), "done", "--as", JONAS)

    assert before.code == 0
    assert after.code == 1
    assert after.err == "The contact was sent by e-mail, SMS or fax already.\n"
    assert status.out == f"Contact {contact} is done.\n"
    [line] = dispatched(store, contact)
    assert [each.to for each in line.deliveries] == [UWE.email]
    assert line.matchcode.startswith("[Helpdesk] Neu")


@pytest.mark.rule("X2", "X4")
def test_a_refusal_is_every_sentence_on_a_line_of_its_own(store):
    contact = saved(store, matchcode="", activity_type="phone note")

    said = kontakt("contact", "send", str(contact), "--as", GUEST)

    assert said.code == 1
    assert [line.partition(" (")[0][:40] for line in said.err.splitlines()] == [
        "You lack the permission Office | CRM | K",
        "You did not create this contact, and lac",
        "The contact's activity type does not hav",
        "The matchcode is empty",
    ]
    assert dispatched(store, contact) == []


@pytest.mark.rule("E7", "S3", "S4", "S5", "M1")
@pytest.mark.parametrize(
    ("channel", "recipients", "changes", "asked", "options"),
    [
        ("e-mail", [PETRA], {"matchcode": ""}, "anyway? --confirm-empty-subject", []),
        ("message", [MIA_HERSELF], {"matchcode": ""}, "anyway? --confirm-empty-subject", []),
        ("sms", [PETRA], {"text": ""}, "anyway? --confirm-empty-text", []),
        ("sms", [PETRA, UWE], {}, "  2: Uwe Lang", ["--recipient", "1"]),
        ("fax", [PETRA], {}, "which one is it? --number NUMBER", ["--number", "030 1234567"]),
    ],
)
def test_a_question_is_said_with_the_option_that_answers_it(
    store, channel, recipients, changes, asked, options
):
    contact = saved(store, *recipients, **changes)
    command = ("contact", "send", str(contact), "--as", JONAS, "--channel", channel)

    unanswered = kontakt(*command)
    answered = kontakt(*command, *(options or [asked.split()[-1]]))

    assert unanswered.code == 1
    assert asked in unanswered.err
    assert answered.code == 0, answered.err
    assert len(dispatched(store, contact)) == 1


@pytest.mark.rule("S3", "S4")
def test_on_a_terminal_one_is_asked_until_nothing_is_open(store):
    contact = saved(store, PETRA, UWE)
    command = ("contact", "send", str(contact), "--as", JONAS, "--channel", "sms")

    said = kontakt_at_a_terminal(*command, typed="7\n2\n0151 23456789\n")

    assert said.code == 0, said.err
    [line] = dispatched(store, contact)
    assert [each.to for each in line.deliveries] == ["+4915123456789"]
    assert said.out.index("1 × SMS") < said.out.index("is queued")


@pytest.mark.rule("E7")
def test_on_a_terminal_what_is_not_confirmed_is_not_sent(store):
    contact = saved(store, matchcode="")

    said = kontakt_at_a_terminal("contact", "send", str(contact), "--as", JONAS, typed="n\n")

    assert said.code == 1
    assert "Nothing is sent." in said.out
    assert dispatched(store, contact) == []


def test_instants_without_a_zone_are_local(store):
    contact = saved(store)
    at = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    local = at.astimezone().replace(tzinfo=None).isoformat()

    kontakt("contact", "send", str(contact), "--as", JONAS, "--not-before", local)

    [line] = dispatched(store, contact)
    assert line.due_at == at
    assert line.status is DispatchStatus.QUEUED


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("contact", "send", "4711", "--as", JONAS), "there is no contact 4711"),
        (("contact", "send", "1", "--as", "4711"), "no employee with the personnel number 4711"),
        (("contact", "send", "1", "--as", JONAS, "--channel", "pigeon"), "there is no channel"),
        (("contact", "send", "1", "--as", JONAS, "--not-before", "soon"), "soon is no instant"),
        (("contact", "new", "--as", JONAS, "--case", "SC-0"), "there is no case SC-0"),
        (("contact", "new", "--as", JONAS, "--to", "4711"), "there is no address 4711"),
        (("contact", "edit", "4711", "--as", JONAS), "there is no contact 4711"),
    ],
)
def test_what_is_wrong_is_one_line_and_code_2(store, arguments, told):
    saved(store)

    said = kontakt(*arguments)

    assert said.code == 2
    assert said.err.count("\n") == 1
    assert told in said.err


def test_rich_text_that_is_no_text_is_one_line(store, tmp_path):
    (tmp_path / "x.html").write_bytes(b"\xff\xfe\x00")

    said = kontakt("contact", "new", "--as", JONAS, "--html", str(tmp_path / "x.html"))

    assert (said.code, said.err.count("\n")) == (2, 1)


def test_sending_does_not_wait_for_prefect_to_be_loaded(store):
    contact = saved(store)
    command = [sys.executable, "-c", NO_PREFECT, "contact", "send", str(contact), "--as", JONAS]

    run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert run.returncode == 0, run.stderr
    assert "is queued" in run.stdout
