"""The desk serves calendar feeds over HTTP, and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from calendar_events import parsed
from invited import invited
from outgoing_contacts import JONAS
from servers.desk import desk_at

from domain.directory import Directory, Employee
from tasks.feeds import feed_url, reset_feed
from tasks.settings import settings
from tasks.store.database import Store, store
from tasks.store.directory import apply_directory

ODD = "10/02 ü"


@pytest.fixture
def desk(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[httpx.Client]:
    """The desk in a process of its own, where Jonas has an appointment."""
    database, home = str(sqlite_store.url), tmp_path / "var"
    invited(sqlite_store)
    apply_directory(sqlite_store, Directory(employee=(Employee(number=ODD, name="Odd"),)))
    monkeypatch.setenv("KONTAKTWERK_DATABASE_URL", database)
    with desk_at(database, home) as address:
        monkeypatch.setenv("KONTAKTWERK_DESK_URL", f"{address}/")
        settings.cache_clear()
        store.cache_clear()
        with httpx.Client(base_url=address, timeout=20) as client:
            yield client
        store().engine.dispose()


@pytest.mark.rule("L8")
def test_a_calendar_subscribes_to_a_feed_and_gets_it_anew_only_where_it_changed(desk):
    first = desk.get(feed_url(JONAS))

    again = desk.get(feed_url(JONAS), headers={"If-None-Match": f'"x", W/{first.headers["ETag"]}'})
    other = desk.get(feed_url(JONAS), headers={"If-None-Match": '"x"'})

    assert first.status_code == other.status_code == 200
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert [str(e["SUMMARY"]) for e in parsed(first.text).walk("VEVENT")] == ["Wartung"]
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_feed_can_be_asked_for_without_its_content(desk):
    asked = desk.head(feed_url(JONAS))

    assert (asked.status_code, asked.content) == (200, b"")


def test_a_personnel_number_may_have_any_letters(desk):
    assert desk.get(feed_url(ODD)).status_code == 200


def test_an_address_that_was_made_void_shows_nothing(desk):
    before = feed_url(JONAS)

    reset_feed(JONAS)

    assert desk.get(before).status_code == 404
    assert desk.get(feed_url(JONAS)).status_code == 200


def test_wrong_addresses_are_all_answered_alike(desk):
    token = feed_url(JONAS).rpartition("/")[2]
    wrong = [
        f"/calendar/{JONAS}/wrong.ics",
        f"/calendar/1003/{token}",
        f"/calendar/nobody/{token}",
        f"/calendar/{quote('x' * 5_000)}/{token}",
        f"/calendar/{JONAS}/{quote('ü' * 32)}.ics",
        f"/calendar/{JONAS}%00/{token}",
        f"/calendar/{JONAS}/%00.ics",
        f"/calendar/{JONAS}%ED%A0%80/{token}",
    ]

    answers = {(each.status_code, each.text) for each in map(desk.get, wrong)}

    assert answers == {(404, "There is no such calendar.\n")}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/docs", 404),
        ("GET", "/openapi.json", 404),
        ("GET", "/calendar/1002/", 404),
        ("POST", "/calendar/1002/x.ics", 405),
        ("DELETE", "/calendar/1002/x.ics", 405),
    ],
)
def test_there_is_nothing_else(desk, method, path, status):
    assert desk.request(method, path).status_code == status


@pytest.mark.parametrize("path", ["/", "/calendar/1002/wrong.ics", None])
def test_every_answer_asks_for_discretion(desk, path):
    headers = desk.get(path or feed_url(JONAS)).headers

    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "server" not in headers


def test_no_log_knows_the_secret_addresses(desk, tmp_path):
    token = feed_url(JONAS).rpartition("/")[2].removesuffix(".ics")
    desk.get(feed_url(JONAS))

    assert token not in (tmp_path / "var" / "desk.log").read_text()
