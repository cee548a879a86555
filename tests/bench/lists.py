"""The benchmark of lists: pages, searches, counts and an export, among very many records."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from bench.installation import TESTS, environment
from bench.list_rows import Amount, fill, received_at
from bench.report import Finding, say, show
from servers.postgres import fresh_database, postgres
from sqlalchemy import text

from domain.lists import Order, Wish
from tasks.store.database import Store
from tasks.store.lists.full_text import search_contacts
from tasks.store.lists.reading import APPOINTMENTS, CONTACTS, TODOS, ListOf

PAGE, DEEP, GROWTH, EXPORT, MEMORY = 0.05, 1.2, 1.5, 10.0, 150  # targets: s, times, times, s, MB
VIEWER = 5
SINCE = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    few: int  # contacts
    many: int
    pages: int  # how deep the deep page is
    rounds: int
    exported: int


FULL = Size(few=100_000, many=1_000_000, pages=1_000, rounds=30, exported=100_000)
QUICK = Size(few=2_000, many=20_000, pages=50, rounds=5, exported=2_000)

Asking = Callable[[Store], Any]


def measure(quick: bool) -> None:
    """Print how long pages take; a quick run's figures say little."""
    size = QUICK if quick else FULL
    with postgres() as cluster:
        for database in ("SQLite", "PostgreSQL"):
            with _filled(cluster if database == "PostgreSQL" else "", size) as (few, many):
                findings = list(_findings(few, many, size))
            show(f"Lists on {database}: {size.many:,} contacts", findings, "ours to it")


@contextmanager
def _filled(cluster: str, size: Size) -> Iterator[tuple[Store, Store]]:
    with TemporaryDirectory(prefix="lists-") as folder:
        stores = []
        for number in (size.few, size.many):
            say(f"entering {number:,} contacts, {number // 5:,} appointments and todos ...")
            url = fresh_database(cluster) if cluster else f"sqlite:///{folder}/{number}.db"
            store = Store(url)
            store.upgrade()
            fill(store, Amount(number, number // 5))
            stores.append(store)
        yield stores[0], stores[1]
        for store in stores:
            store.engine.dispose()


def _findings(few: Store, many: Store, size: Size) -> Iterator[Finding]:
    for of in (CONTACTS, APPOINTMENTS, TODOS):
        yield _pages(of, many, size)
    yield _words(many, size)
    yield _deep(many, size)
    yield _growth(few, many, size)
    yield from _peers(many, size)
    yield from _counts(many)
    yield from _export(many, size)


def _pages(of: ListOf[Any], store: Store, size: Size) -> Finding:
    """Measure every filter, alone and together with others, each some times."""
    rare = f"{size.many // 7:07}"
    asked = [wish for wish in _wishes(of, rare) for _ in range(size.rounds)]
    taken = [_took(lambda wish=wish: of.page(store, wish, VIEWER)) for wish in asked]
    late = quantiles(taken, n=20)[-1]
    slowest = max(_wishes(of, rare), key=lambda wish: _took(lambda: of.page(store, wish, VIEWER)))
    named = ", ".join(name for name in Wish.__slots__ if getattr(slowest, name)) or "none"
    return Finding(
        f"{of.listed}: 95 of 100 pages of any filter (slowest: {named})",
        _ms(late),
        target=f"under {PAGE * 1000:.0f} ms",
        reached=late < PAGE,
    )


def _wishes(of: ListOf[Any], rare: str) -> list[Wish]:
    searched = [Wish("pump"), Wish("Türschloß"), Wish(rare), Wish("0999"), Wish("xyzzy")]
    alone = [
        Wish(),
        Wish(address="A77"),
        Wish(case="K-77"),
        Wish(only_open=True),
        Wish(since=SINCE),
    ]
    mine = [Wish(own=True), Wish(own_teams=True)]
    together = [
        Wish("pump", own=True, only_open=True),
        Wish("0999", own_teams=True, only_open=True),
        Wish("müller", address="A77"),
        Wish(own_teams=True, only_open=True, since=SINCE),
        Wish("pump", order=Order.MATCHCODE),
        Wish(rare, own=True, order=Order.MATCHCODE),
    ]
    return [*searched, *alone, *mine, *together]


def _words(store: Store, size: Size) -> Finding:
    asked = ("pump", "mueller tuer", "invoice", "xyzzy", f"{size.many // 7:07}")
    wishes = [Wish(full_text=each) for each in asked]
    taken = [
        _took(lambda wish=wish: search_contacts(store, wish, VIEWER))
        for wish in wishes
        for _ in range(size.rounds)
    ]
    late = quantiles(taken, n=20)[-1]
    return Finding(
        "contacts: 95 of 100 pages found by words",
        _ms(late),
        target=f"under {PAGE * 1000:.0f} ms",
        reached=late < PAGE,
    )


def _deep(store: Store, size: Size) -> Finding:
    first, page = Wish(), CONTACTS.page(store, Wish(), VIEWER)
    for _ in range(size.pages - 2):
        page = CONTACTS.page(store, first, VIEWER, key=page.next)
    ratio = _in_turn(
        size.rounds,
        lambda: CONTACTS.page(store, first, VIEWER),
        lambda: CONTACTS.page(store, first, VIEWER, key=page.next),
    )
    return Finding(
        f"page {size.pages:,} beside page 1",
        "",
        f"{ratio:.2f}",
        f"at most {DEEP} times",
        ratio <= DEEP,
    )


def _growth(few: Store, many: Store, size: Size) -> Finding:
    """Search for what is there once, among few and among many."""
    ratio = _in_turn(
        size.rounds,
        lambda: CONTACTS.page(few, Wish(f"{size.few // 7:07}"), VIEWER),
        lambda: CONTACTS.page(many, Wish(f"{size.many // 7:07}"), VIEWER),
    )
    what = f"finding one matchcode among {size.many:,}, beside {size.few:,}"
    return Finding(what, "", f"{ratio:.2f}", f"at most {GROWTH} times", ratio <= GROWTH)


def _peers(store: Store, size: Size) -> Iterator[Finding]:
    """Do the same as lists are usually made: by LIKE over the table, and by OFFSET."""
    rare = f"{size.many // 7:07}"
    by_like = "SELECT id FROM contacts WHERE lower(matchcode) LIKE :value ORDER BY id DESC LIMIT 50"
    by_offset = "SELECT id FROM contacts ORDER BY received_at DESC LIMIT 50 OFFSET :value"
    yield _beside(store, "a search by LIKE over the table", by_like, f"%{rare}%", Wish(rare))
    yield _beside(store, f"page {size.pages:,} by OFFSET", by_offset, size.pages * 50, Wish())


def _beside(store: Store, what: str, sql: str, value: object, wish: Wish) -> Finding:
    theirs = median(_took(lambda: _asked(store, sql, value)) for _ in range(5))
    ours = median(_took(lambda: CONTACTS.page(store, wish, VIEWER)) for _ in range(5))
    return Finding(what, _ms(theirs), f"{ours / theirs:.2f}")


def _asked(store: Store, sql: str, value: object) -> None:
    with store.reading() as connection:
        connection.execute(text(sql), {"value": value}).all()


def _counts(store: Store) -> Iterator[Finding]:
    for wish, what in (
        (Wish(), "all"),
        (Wish("pump"), "a frequent search's"),
        (Wish("0999"), "a rare search's"),
    ):
        taken = median(
            _took(lambda wish=wish: CONTACTS.count(store, wish, VIEWER)) for _ in range(3)
        )
        yield Finding(f"counting {what} contacts", _ms(taken))


def _export(store: Store, size: Size) -> Iterator[Finding]:
    """Export in a process of its own, as the command does."""
    url = store.url.render_as_string(hide_password=False)
    until = received_at(size.exported * 10 // 9, size.many).isoformat()  # a tenth is private
    for suffix in ("csv", "xlsx"):
        with TemporaryDirectory(prefix="export-") as folder:
            file = str(Path(folder) / f"contacts.{suffix}")
            command = [sys.executable, "-m", "bench.export_probe", url, file, until]
            with environment({"PYTHONPATH": f"{TESTS.parent}:{TESTS}"}):
                said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        lines, seconds, peak = map(float, said.split())
        what = f"{lines:,.0f} contacts as {suffix.upper()}"
        yield Finding(what, f"{seconds:.2f} s", "", f"under {EXPORT:.0f} s", seconds < EXPORT)
        yield Finding(f"{what}: peak", f"{peak:.0f} MB", "", f"under {MEMORY} MB", peak < MEMORY)


def _in_turn(rounds: int, one: Callable[[], Any], other: Callable[[], Any]) -> float:
    """Compare round by round: what disturbs the machine disturbs neighbours alike."""
    one(), other()
    return median(1 / _took(one) * _took(other) for _ in range(rounds))


def _took(ask: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    ask()
    return time.perf_counter() - begin


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
