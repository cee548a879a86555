"""Each employee's calendar, at an address that nobody else knows."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import NOW, letter, prepared, private_account, receive_letters
from calendar_events import HOUR, event, later, parsed, read_times
from invited import LATER, PETRA, WEEKLY, booked, invited
from outgoing_contacts import ANNA, JONAS, MIA, ready

from domain.directory import Directory, Employee
from domain.errors import UnknownRecord
from domain.feed_tokens import feed_token, is_feed_token
from tasks import feeds
from tasks.feeds import feed_for, feed_url, reset_feed
from tasks.store.contacts import list_contacts
from tasks.store.database import Store
from tasks.store.directory import apply_directory, employee_by_number
from tasks.store.rebooking import cancel, delete, move

SECRET = b"a secret"


@pytest.fixture(autouse=True)
def _this_store(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "store", lambda: store)


def fetched(number: str, now: datetime = NOW) -> str | None:
    """Fetch a feed as its address says."""
    token = feed_url(number).rpartition("/")[2].removesuffix(".ics")
    return feed_for(number, token, now)


def summaries(number: str, now: datetime = NOW) -> list[str]:
    return [str(each["SUMMARY"]) for each in parsed(fetched(number, now) or "").walk("VEVENT")]


@pytest.mark.rule("L8")
def test_a_feed_shows_the_appointments_with_the_employee_in_them(store):
    invited(store, matchcode="von Jonas", participants=(MIA,))
    booked(store, matchcode="von Anna", responsible=ANNA)

    assert summaries(JONAS) == ["von Jonas"]
    assert summaries(MIA) == ["von Jonas"]
    assert summaries(ANNA) == ["von Anna"]


@pytest.mark.rule("L8")
def test_a_feed_shows_a_series_as_it_is_now(store):
    it = invited(store, rule=WEEKLY)
    move(store, it, JONAS, later(HOUR, hours=3), None, LATER)
    cancel(store, it, JONAS, later(HOUR, days=7, hours=3).begins, LATER)

    expected = event(later(HOUR, hours=3), WEEKLY, cancelled={1}).taking_place

    times = [(o.period.begins_at, o.period.ends_at) for o in expected]
    assert read_times(fetched(JONAS) or "") == times


@pytest.mark.parametrize(
    "ending",
    [
        lambda store, it: cancel(store, it, JONAS, None, LATER),
        lambda store, it: delete(store, it, JONAS, LATER),
    ],
)
def test_a_feed_leaves_out_what_does_not_take_place(store, ending):
    ending(store, invited(store))

    assert summaries(JONAS) == []


def test_a_feed_goes_back_to_the_begin_of_last_year(store):
    invited(store)

    assert summaries(JONAS, datetime(2027, 12, 31, tzinfo=UTC)) == ["Wartung"]
    assert summaries(JONAS, datetime(2028, 1, 1, tzinfo=UTC)) == []


def test_the_same_state_is_the_same_feed(store):
    invited(store, rule=WEEKLY)

    assert fetched(JONAS) == fetched(JONAS, NOW + timedelta(days=7))


def test_a_feed_names_who_takes_part_and_no_guests_address(store):
    invited(store, PETRA, participants=(MIA,))

    [written] = parsed(fetched(JONAS) or "").walk("VEVENT")

    assert written["DESCRIPTION"] == "nur für uns\n\nJonas Weber\nMia Krüger\nPetra Müller"
    assert "petra@" not in (fetched(JONAS) or "")


@pytest.mark.rule("L9")
def test_a_follow_up_of_a_private_contact_stands_in_its_peoples_feeds_only(store):
    ready(store)
    receive_letters(store, prepared(store, private_account()), [letter(subject="Kündigung")])
    [contact] = list_contacts(store, employee_by_number(store, ANNA))
    follow_up = {"contact_id": contact.id, "cases": (), "participants": (MIA,)}

    booked(store, employee=ANNA, responsible=ANNA, matchcode="Gespräch", **follow_up)

    assert (summaries(ANNA), summaries(MIA), summaries(JONAS)) == (["Gespräch"], ["Gespräch"], [])
    assert "Kündigung" not in (fetched(MIA) or "")


def test_an_address_that_was_given_away_can_be_made_void(store):
    invited(store)
    before = feed_url(JONAS)

    after = reset_feed(JONAS)
    again = reset_feed(JONAS)

    assert len({before, after, again}) == 3
    token = before.rpartition("/")[2].removesuffix(".ics")
    assert feed_for(JONAS, token, NOW) is None
    assert summaries(JONAS) == ["Wartung"]


def test_who_left_has_no_feed(store):
    invited(store)
    token = feed_url(JONAS).rpartition("/")[2].removesuffix(".ics")
    gone = Employee(number=JONAS, name="Jonas Weber", active=False)
    apply_directory(store, Directory(employee=(gone,)))

    assert feed_for(JONAS, token, NOW) is None
    with pytest.raises(UnknownRecord, match=JONAS):
        feed_url(JONAS)


@pytest.mark.parametrize("odd", ["\0", "\ud800", "\x7f", "\n"])
def test_a_number_or_token_that_nobody_can_type_is_as_any_unknown_one(store, odd):
    invited(store)
    token = feed_url(JONAS).rpartition("/")[2].removesuffix(".ics")

    assert feed_for(f"{JONAS}{odd}", token, NOW) is None
    assert feed_for(JONAS, f"{token}{odd}", NOW) is None
    with pytest.raises(UnknownRecord):
        feed_url(f"{JONAS}{odd}")


@pytest.mark.parametrize(
    ("number", "mark", "secret"),
    [("1003", "", SECRET), ("1002", "x", SECRET), ("1002", "", b"another secret")],
)
def test_a_token_is_for_one_employee_one_mark_and_one_installation(number, mark, secret):
    token = feed_token("1002", "", SECRET)

    assert is_feed_token(token, "1002", "", SECRET)
    assert not is_feed_token(token, number, mark, secret)
    assert not is_feed_token(token[:-1], "1002", "", SECRET)
    assert not is_feed_token("ü", "1002", "", SECRET)


def test_nothing_is_signed_without_a_secret():
    with pytest.raises(ValueError, match="empty"):
        feed_token("1002", "", b"")
