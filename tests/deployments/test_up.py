"""A new user starts everything, looks around, and ends it: `kontakt up`, as it really is."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    FloatRect,
    Locator,
    Page,
    Route,
    TimeoutError,
    ViewportSize,
    expect,
    sync_playwright,
)
from servers.installation import Installation, eventually
from servers.program import required

from deployments.demo.directory import password

SHIFTS = 240  # seconds in which a shift has ended, and the schedule has brought another
WIDTH, HEIGHT = 1280, 880  # pixels
PAGE = 60_000  # milliseconds, for a page of the UI on a very busy machine
ENDED, UNDER_WAY = ("COMPLETED",), ("RUNNING", "COMPLETED")
HIDDEN = "********"
BEGINS = "Kurze Abstimmung zum Fehler E17"  # a minute after the start
BROWSER = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Browser:
    """A browser that reaches this machine and nothing else."""

    page: Page
    url: str
    pictures: Path | None
    elsewhere: list[str] = field(default_factory=list)  # what was asked of other hosts

    def open(self, path: str) -> Page:
        """Go to a page of the UI."""
        self.page.goto(f"{self.url}{path}")
        return self.page

    def save_picture(self, name: str, height: int = HEIGHT) -> None:
        """Save what is seen for the documentation, where that was asked for."""
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            self.page.wait_for_load_state("networkidle")
            clip = FloatRect(x=0, y=0, width=WIDTH, height=height)
            self.page.screenshot(path=self.pictures / f"{name}.png", clip=clip)

    def guard(self, route: Route) -> None:
        """Let requests to this machine pass; note the others, and refuse them."""
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
            return
        self.elsewhere.append(route.request.url)
        route.abort()


@pytest.fixture(scope="module")
def browser(installation, request) -> Iterator[Browser]:
    chromium = required("chromium")
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=chromium, args=BROWSER)
        size = ViewportSize(width=WIDTH, height=HEIGHT)
        context = program.new_context(viewport=size, service_workers="block")
        context.set_default_timeout(PAGE)
        expect.set_options(timeout=PAGE)
        pictures = request.config.getoption("--screenshots", default=None)
        browser = Browser(context.new_page(), installation.url, pictures)
        context.route("**/*", browser.guard)
        yield browser
        program.close()


@pytest.fixture(scope="module")
def ended_shift(installation) -> dict[str, Any]:
    """The first shift, once it has ended and says what it did."""
    ended = eventually(lambda: installation.shifts(*ENDED), SHIFTS)
    assert ended
    first: dict[str, Any] = ended[0]
    return first


def board(installation: Installation, key: str, told: str = "") -> str:
    """Give the path of a board, once it tells of something."""

    def telling() -> dict[str, Any] | None:
        found = installation.records("artifacts", artifacts={"key": {"any_": [key]}})
        return found[0] if found and told in str(found[0]["data"]) else None

    shown = eventually(telling)
    assert shown
    return f"/artifacts/artifact/{shown['id']}"


def test_it_says_where_to_look(installation):
    said = installation.output.read_text()

    assert f"{installation.url}/runs" in said
    assert "Ctrl-C" in said


@pytest.mark.rule("R1")
def test_the_demos_messages_become_contacts(installation):
    listed = eventually(lambda: installation.contacts("Petra Müller"))

    assert "SC-1042" in listed
    assert "private" not in listed


@pytest.mark.rule("R1")
def test_a_message_that_is_sent_is_a_contact_soon(installation):
    sent = installation.kontakt("demo", "send", "--subject", "Türsteuerung defekt")

    assert sent.returncode == 0
    assert eventually(lambda: installation.contacts("Türsteuerung defekt"))


@pytest.mark.rule("R4")
def test_only_the_employee_of_a_private_account_sees_its_contacts(installation, ended_shift):
    own = installation.kontakt("contact", "list", "--as", "1001").stdout
    others = installation.kontakt("contact", "list", "--as", "1002").stdout

    assert "private" in own
    assert "private" not in others


@pytest.mark.rule("R6")
def test_there_is_something_in_quarantine(installation, ended_shift):
    listed = installation.kontakt("quarantine", "list").stdout

    assert "not_a_message" in listed


@pytest.mark.rule("R2")
def test_there_is_something_to_review(installation, ended_shift):
    listed = installation.kontakt("review", "list").stdout

    assert "Frage zu SC-1042" in listed
    assert "to review" in listed


@pytest.mark.rule("X5", "E4", "M4")
@pytest.mark.parametrize(
    "seen",
    [
        r"sent .*message/inbox .*Sabine Groß",
        r"sent .*sms/demo-sms",
        r"sent .*fax/demo-fax",
        r"sent .*e-mail/service .*petra\.mueller",
        r"failed .*gibtes-nicht@.*: failed, 550",
        r"sent .*wartungsfenster@",  # at the second try
        r"bounced .*subscriber unknown|subscriber unknown",
        r"queued .*Montage der Wallbox",  # put off
    ],
)
def test_what_the_demos_people_send_fares_as_it_should(installation, seen):
    def listed() -> str:
        shown = installation.shown("dispatch", "list")
        return shown if re.search(seen, shown) else ""

    assert eventually(listed)


@pytest.mark.rule("R2", "R7")
def test_an_answer_to_what_was_sent_comes_back_to_its_case(installation):
    listed = eventually(lambda: installation.contacts("Fehler E17: Ursache gefunden"))

    answers = [line for line in listed.splitlines() if "Ursache gefunden" in line]
    assert all("SC-1042" in line for line in answers)


@pytest.mark.rule("X1")
def test_the_status_says_that_everything_is_alive(installation):
    asked = installation.kontakt("status")

    assert asked.returncode == 0
    assert "alive" in asked.stdout
    assert "e-mail/service" in asked.stdout


def test_a_mail_account_can_be_tested(installation):
    tested = installation.kontakt("account", "test", "service")

    assert tested.returncode == 0
    assert "IDLE" in tested.stdout


def test_the_schedule_really_starts_shifts(installation):
    def scheduled() -> list[dict[str, Any]]:
        return [run for run in installation.shifts(*UNDER_WAY) if run["auto_scheduled"]]

    assert eventually(scheduled, SHIFTS)


@pytest.mark.rule("R1")
@pytest.mark.parametrize("brought", ["new, ", "1 duplicate", "1 quarantined"])
def test_a_shift_says_by_its_name_what_it_brought(installation, brought):
    def say_so() -> bool:  # on a busy machine not every mailbox comes in the first shift
        return any(brought in shift["name"] for shift in installation.shifts(*ENDED))

    assert eventually(say_so, SHIFTS)


def test_the_runs_page_shows_the_shifts(browser):
    page = browser.open("/runs")

    expect(page.get_by_text("mail shift").first).to_be_visible()


@pytest.mark.parametrize("name", ["ingest-mail", "dispatch", "send-contact", "process-quarantine"])
def test_the_deployments_page_shows_what_can_run(browser, name):
    page = browser.open("/deployments")
    page.get_by_placeholder("Search deployments").fill(name)

    expect(page.get_by_role("link", name=name, exact=True).first).to_be_visible()


def test_a_shifts_page_shows_what_each_account_brought(browser, ended_shift):
    page = browser.open(f"/runs/flow-run/{ended_shift['id']}")

    def are_shown() -> bool:  # a page that is still being drawn forgets a first click
        page.get_by_text("Subflow Runs").click()
        return page.get_by_text("anna-berger - ").last.is_visible()

    assert eventually(are_shown)
    for account in ("anna-berger", "sales", "service"):
        expect(page.get_by_text(f"{account} - ").last).to_be_visible()
    browser.save_picture("shift")


def test_the_board_shows_how_the_mailboxes_fare(browser, installation, ended_shift):
    page = browser.open(board(installation, "mailboxes"))

    for mailbox in ("anna-berger/INBOX", "sales/Messe Köln", "service/INBOX"):
        expect(page.get_by_text(mailbox)).to_be_visible()
    browser.save_picture("mailboxes", height=480)


@pytest.mark.rule("X5")
def test_the_board_shows_how_dispatches_fare(browser, installation):
    page = browser.open(board(installation, "dispatches", told="bounced"))

    for told in ("failed", "bounced", "message/inbox", "Liefertermin der Ersatzspindeln"):
        expect(page.get_by_text(told).first).to_be_visible()
    browser.save_picture("dispatches", height=760)


@pytest.mark.rule("A4")
def test_everybody_is_told_as_the_demos_appointment_begins(installation):
    for number in ("1001", "1002", "1003"):
        assert eventually(lambda number=number: installation.messages(number, BEGINS))
    rung = f"{BEGINS}: Anna Berger, Jürgen Köhler, Sabine Groß"
    assert eventually(lambda: rung in installation.output.read_text())


def test_the_board_shows_how_alarms_fare(browser, installation):
    page = browser.open(board(installation, "alarms", told=BEGINS[:20]))

    for told in ("unacknowledged", "Jürgen Köhler", "message"):
        expect(page.get_by_text(told).first).to_be_visible()
    browser.save_picture("alarms", height=640)


@pytest.mark.rule("W1", "W2")
def test_cases_go_through_the_demos_workflow(installation):
    beyond_the_first = re.compile(r"service-call 1 .* (customer|remember|visit|report) ")

    def gone_on() -> bool:
        return bool(beyond_the_first.search(installation.shown("workflow", "runs")))

    assert eventually(gone_on)


def test_the_board_draws_where_a_workflows_cases_are(browser, installation):
    page = browser.open(board(installation, "workflow-service-call"))

    drawn = page.get_by_alt_text("Service call")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("picture => picture.naturalWidth") > 100
    expect(page.get_by_role("cell", name="Visit the customer")).to_be_visible()
    browser.save_picture("workflow")


@pytest.mark.rule("S3", "X4")
def test_what_is_open_is_asked_in_the_browser_before_a_contact_is_sent(browser, installation):
    """How an answer goes on is proven in tests/flows/test_send_contact.py."""
    assert eventually(lambda: ": alive" in installation.kontakt("status").stdout)
    people = ("--to", "10002/Ute Sonnenschein", "--to", "10002/Karl Sonnenschein")
    text = ("--text", "Guten Tag, der Techniker kommt um neun.")
    written = installation.kontakt(
        "contact", "new", "--as", "1003", "--type", "sms", *text, *people
    )
    contact = int(written.stdout)
    run = installation.run("send-contact", contact=contact, channel="sms", employee="1003")
    assert eventually(lambda: installation.state(run) == "SUSPENDED")

    page = browser.open(f"/runs/flow-run/{run}")
    arrow = page.locator(".p-modal .p-select-button__icon").last  # the field does not open it
    choice = page.get_by_role("option").filter(has_text="Ute Sonnenschein")
    _click_until(page.get_by_text("Resume", exact=True).first, arrow)
    _click_until(arrow, choice)
    choice.click()
    browser.save_picture("dialog", height=720)

    expect(page.locator(".p-modal").get_by_text("1: Ute Sonnenschein").last).to_be_visible()
    expect(page.get_by_text("Submit", exact=True)).to_be_visible()


def _click_until(clicked: Locator, seen: Locator) -> None:
    """Click, and again where a page that is still being drawn has forgotten it."""

    def look() -> bool:
        if not seen.is_visible():
            clicked.click()
            with suppress(TimeoutError):
                seen.wait_for(timeout=3_000)
        return seen.is_visible()

    assert eventually(look)


def test_an_account_is_edited_in_a_form_that_hides_its_password(browser, installation):
    [account] = [
        each for each in installation.records("block_documents") if each["name"] == "service"
    ]

    page = browser.open(f"/blocks/block/{account['id']}/edit")

    expect(page.get_by_text("IMAP server", exact=True)).to_be_visible()
    shown = [each.input_value() for each in page.locator("input, textarea").all()]
    assert HIDDEN in shown
    assert password() not in str(shown)
    browser.save_picture("mail-account", height=720)


def test_a_new_account_is_entered_in_a_form(browser):
    page = browser.open("/blocks/catalog/mail-account/create")

    for title in ("E-mail address", "IMAP server", "Password", "Folders", "Teams"):
        expect(page.get_by_text(re.compile(rf"^{title}( \(Optional\))?$"))).to_be_visible()


def test_the_ui_asks_nothing_of_other_hosts(browser):
    for path in ("/dashboard", "/runs", "/flows", "/blocks", "/artifacts", "/settings"):
        browser.open(path).wait_for_load_state("networkidle")

    assert browser.elsewhere == []


@pytest.mark.parametrize(
    "kind", ["flow_runs", "task_runs", "logs", "artifacts", "deployments", "block_documents"]
)
def test_the_api_tells_no_secret(installation, ended_shift, kind):
    records = installation.records(kind)

    assert records
    assert password() not in str(records)


def test_no_secret_is_kept_readable(installation, ended_shift):
    files = [path for path in installation.home.rglob("*") if path.is_file()]

    assert files
    assert [path for path in files if password().encode() in path.read_bytes()] == []


def test_a_port_that_is_taken_is_one_clear_line_and_exit_code_2(installation):
    second = installation.kontakt("up")

    assert second.returncode == 2
    assert second.stderr.count("\n") == 1
    assert f"port {installation.port}" in second.stderr
    assert "KONTAKTWERK_PORT" in second.stderr
