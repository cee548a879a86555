"""How fast a mailbox becomes contacts, beside other ways to read the same mailbox."""

import time
from collections.abc import Callable, Mapping

from bench import django_way
from bench.installation import PASSWORD, USER, installation, watched
from bench.letters import letters
from bench.report import Finding, say, show
from bench.ways import AT_ONCE, raw_download, to_contacts, with_imap_tools
from servers.dovecot import Dovecot, dovecot

TARGET = 2.5  # times the rate of imap-tools alone
OURS = "Kontaktwerk, to committed contacts"
ONE_BY_ONE = "imap-tools alone, its default"
IN_BULK = f"imap-tools alone, bulk={AT_ONCE}"
RAW = f"raw download, {AT_ONCE} at once"
DJANGO = "django-mailbox, stored"
Way = Callable[[], float]  # gives the seconds that it took


def measure_rates(messages: int, rounds: int) -> None:
    """Print the rates of all ways, and ours in relation to each."""
    with dovecot({USER: PASSWORD}) as server:
        server.deliver_many(USER, letters(messages))
        raw_download(server)  # so that nobody is the first to have Dovecot read the files
        seconds = _best(_ways(server, messages), rounds)
        if django_way.is_installed():
            seconds[DJANGO] = django_way.seconds_to_store(server, letters(messages))
        else:
            say(f"{DJANGO}: skipped, for it is not installed; the bench extra brings it")
    rates = {name: messages / took for name, took in seconds.items()}
    title = f"Rates: {messages} messages, the best of {rounds} rounds"
    show(title, [_finding(rates, name) for name in rates], "ours to it")


def _ways(server: Dovecot, messages: int) -> Mapping[str, Way]:
    def timed(read: Callable[[], int]) -> float:
        begin = time.perf_counter()
        found = read()
        took = time.perf_counter() - begin
        if found != messages:
            raise RuntimeError(f"{found} messages were read, not {messages}")
        return took

    def ours() -> float:
        with installation() as store:
            return timed(lambda: to_contacts(store, watched(server.port)))

    return {
        OURS: ours,
        ONE_BY_ONE: lambda: timed(lambda: with_imap_tools(server, False)),
        IN_BULK: lambda: timed(lambda: with_imap_tools(server, AT_ONCE)),
        RAW: lambda: timed(lambda: raw_download(server)),
    }


def _best(ways: Mapping[str, Way], rounds: int) -> dict[str, float]:
    """Take the quickest round of each: what else runs on the machine only ever slows down."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(way())
    return {name: min(seconds) for name, seconds in taken.items()}


def _finding(rates: Mapping[str, float], name: str) -> Finding:
    ratio = rates[OURS] / rates[name]
    aimed = name in (ONE_BY_ONE, IN_BULK)
    return Finding(
        name,
        f"{rates[name]:,.0f}/s",
        f"{ratio:.2f}",
        f"at least {TARGET}" if aimed else "",
        ratio >= TARGET if aimed else None,
    )
