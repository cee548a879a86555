"""Contacts are found by their words; what only repeats them comes after what says them."""

import pytest
from builders import NOW, account, letter, prepared, private_account, receive_letters
from outgoing_contacts import JONAS, ready
from sqlalchemy import delete

from domain.contacts import NewContact
from domain.errors import BadFilter
from domain.lists import Wish
from domain.outgoing import File
from tasks.store.database import Store
from tasks.store.directory import employee_by_number
from tasks.store.lists.full_text import search_contacts
from tasks.store.lists.reading import CONTACTS
from tasks.store.tables import contacts
from tasks.store.writing import Change, edit_contact, save_contact


def written(store: Store, matchcode: str, text: str = "", *names: str) -> int:
    files = tuple(File(name, "text/plain", b"x") for name in names)
    return save_contact(store, NewContact(JONAS, matchcode, text, files=files), NOW)


def found(store: Store, words: str, **filters: object) -> list[int]:
    wish = Wish(full_text=words, **filters)  # type: ignore[arg-type]
    return [hit.line.id for hit in search_contacts(store, wish).lines]


def test_what_is_new_comes_before_files_and_before_what_is_quoted(store):
    ready(store)
    box = prepared(store, account())
    quoting = "Yes.\n\n> pump pump pump pump pump\n> pump pump pump\n"
    [quoted] = received(store, box, letter(subject="Re: hello", text=quoting))
    by_file = written(store, "Bill", "see the file", "pump.pdf")
    in_text = written(store, "Question", "What does the pump cost?")
    in_subject = written(store, "Pump")

    assert found(store, "pump") == [in_subject, in_text, by_file, quoted]


def received(store: Store, box: object, *letters: bytes) -> list[int]:
    before = {line.id for line in CONTACTS.each(store, Wish())}
    receive_letters(store, box, letters)  # type: ignore[arg-type]
    return [line.id for line in CONTACTS.each(store, Wish()) if line.id not in before]


@pytest.mark.parametrize("words", ["mueller", "MÜLLER", "müll pum", "pumpe, Müller!"])
def test_words_are_found_by_their_beginnings_whatever_their_letters(store, words):
    ready(store)
    it = written(store, "Pumpe", "von Frau Müller")
    written(store, "Pumpe", "von Herrn Maier")

    assert found(store, words) == [it]


def test_the_hit_is_marked(store):
    ready(store)
    written(store, "Frage", "Wann kommt die Türschließanlage?")

    [hit] = search_contacts(store, Wish(full_text="tuer")).lines

    assert hit.excerpt
    assert [piece for piece, is_hit in hit.excerpt.pieces if is_hit] == ["Tür"]


def test_an_edited_contact_is_found_by_what_it_says_now(store):
    ready(store)
    it = written(store, "Pumpe", "alt")

    edit_contact(store, it, JONAS, Change(matchcode="Ventil", text="neu"), NOW)

    assert found(store, "pumpe") == found(store, "alt") == []
    assert found(store, "ventil neu") == [it]


@pytest.mark.rule("L9")
def test_private_words_are_found_by_who_may_read_them(store):
    ready(store)
    box = prepared(store, private_account())
    receive_letters(store, box, [letter(subject="Gehalt", text="geheim")])
    wish, reader = Wish(full_text="geheim"), employee_by_number(store, "1001")

    assert search_contacts(store, wish).lines == ()
    assert CONTACTS.count(store, wish) == 0
    assert len(search_contacts(store, wish, reader).lines) == 1


def test_pages_go_on_from_rank_to_rank(store):
    ready(store)
    subjects = [written(store, "Pumpe", "") for _ in range(3)]
    texts = [written(store, "Frage", "zur Pumpe") for _ in range(3)]
    expected, ids, key = [*subjects[::-1], *texts[::-1]], [], None

    while True:
        page = search_contacts(store, Wish(full_text="pumpe"), limit=2, key=key)
        ids += [hit.line.id for hit in page.lines]
        if (key := page.next) is None:
            break

    assert ids == expected


def test_filters_and_words_go_together(store):
    ready(store)
    written(store, "Pumpe eins")
    it = written(store, "Pumpe zwei")

    assert found(store, "pumpe", search="ZWEI") == [it]
    assert CONTACTS.count(store, Wish(full_text="pumpe", search="zwei")) == 1


@pytest.mark.parametrize("words", ["!?", "* OR 1", "a b c d e f g h i j k l m n o p q r s t u v"])
def test_operators_are_no_words_and_nothing_is_searched_for_without_any(store, words):
    if words == "* OR 1":
        assert found(store, words) == []
        return
    with pytest.raises(BadFilter, match="search for one word"):
        found(store, words)


def test_the_words_of_a_contact_go_with_it(store):
    ready(store)
    it = written(store, "Pumpe")

    with store.writing() as connection:
        for table in ("correspondents", "contact_readers"):
            connection.execute(delete(contacts.metadata.tables[table]))
        connection.execute(delete(contacts).where(contacts.c.id == it))

    assert written(store, "Ventil")
    assert found(store, "pumpe") == []
