"""Publishing on the command line: looked at before, done, withdrawn, and written as a page."""

from pathlib import Path

import pytest
from command_line import kontakt, sending_store
from outgoing_contacts import JONAS, MIA, saved

from tasks.store.database import Store


@pytest.fixture
def store(sqlite_template: Path) -> Store:
    """The store that the command line sees."""
    return sending_store(sqlite_template)


@pytest.mark.rule("P3", "P4")
def test_a_contact_is_looked_at_published_and_withdrawn(store):
    number = str(saved(store, matchcode="Läuft", text="Es läuft wieder."))

    looked_at = kontakt("contact", "preview", number, "--as", JONAS)
    published = kontakt("contact", "publish", number, "--as", JONAS)
    history = kontakt("case", "history", "SC-1042", "--as", JONAS)
    withdrawn = kontakt("contact", "withdraw", number, "--as", JONAS)
    after = kontakt("case", "history", "SC-1042", "--as", JONAS)
    ever = kontakt("contact", "publications", number, "--as", JONAS)

    assert [each.code for each in (looked_at, published, withdrawn, ever)] == [0, 0, 0, 0]
    assert "Es läuft wieder." in looked_at.out
    assert "Es läuft wieder." in history.out
    assert "Es läuft wieder." not in after.out
    assert "Jonas Weber" in ever.out


def test_warnings_are_confirmed_by_a_flag_where_nobody_is_at_a_terminal(store):
    number = str(saved(store, text="Fragen Sie Jonas Weber."))

    warned = kontakt("contact", "publish", number, "--as", JONAS)
    confirmed = kontakt("contact", "publish", number, "--as", JONAS, "--confirm-warnings")

    assert (warned.code, confirmed.code) == (1, 0)
    assert "Jonas Weber" in warned.err
    assert "--confirm-warnings" in warned.err


@pytest.mark.rule("P1")
def test_a_refusal_names_every_reason(store):
    number = str(saved(store, case="PR-7"))

    refused = kontakt("contact", "publish", number, "--as", MIA)

    assert refused.code == 1
    assert "service call" in refused.err
    assert "crm.contacts" in refused.err


def test_a_history_is_written_as_a_page_that_loads_nothing(store, tmp_path):
    number = str(saved(store, text="Es läuft wieder."))
    kontakt("contact", "publish", number, "--as", JONAS)
    file = tmp_path / "SC-1042.html"

    said = kontakt("case", "history", "SC-1042", "--as", JONAS, "--html", str(file))
    nowhere = kontakt("case", "history", "SC-1042", "--as", JONAS, "--html", str(tmp_path))

    assert said.code == 0
    assert "Es läuft wieder." in file.read_text(encoding="utf-8")
    assert "default-src 'none'" in file.read_text(encoding="utf-8")
    assert nowhere.code == 2
    assert [each.name for each in tmp_path.iterdir()].count("SC-1042.html") == 1
