"""What a person enters about a push service is checked, and never shown."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.push_services import PushService, PushServiceSettings, hidden

URL = "ntfys://ntfy.example.com/Geheimes-Thema"


def service(**changes: Any) -> PushService:
    return PushService(**{"name": "anna-phone", "employee": "1001", "url": URL, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"url": "  json://127.0.0.1:10080/push/anna \n"},
        {"url": "https://chat.example.com/hooks/0123?a=b#c"},
        {"quiet_from": "22:00", "quiet_until": "07:00"},
        {"quiet_from": " 00:00 ", "quiet_until": "23:59"},
        {"messages_per_minute": 3},
    ],
)
def test_what_is_usual_is_taken(changes):
    assert service(**changes).employee == "1001"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"url": ""}, "is no address"),
        ({"url": "Geheimes-Thema"}, "is no address"),
        ({"url": "ntfys://"}, "is no address"),
        ({"url": "ntfys://Geheimes Thema"}, "is no address"),
        ({"url": "ntfys://Geheimes\nThema"}, "is no address"),
        ({"employee": " "}, "employee"),
        ({"employee": "10\n01"}, "line breaks"),
        ({"quiet_from": "22:00"}, "both ends"),
        ({"quiet_until": "07:00"}, "both ends"),
        ({"quiet_from": "24:00", "quiet_until": "07:00"}, "such as 22:00"),
        ({"quiet_from": "22:00", "quiet_until": "7:00"}, "such as 22:00"),
        ({"quiet_from": "22:00", "quiet_until": "07:60"}, "such as 22:00"),
        ({"messages_per_minute": -1}, "messages_per_minute"),
        ({"name": "Annas Phone"}, "lower-case letters"),
    ],
)
def test_what_cannot_be_is_refused_and_shows_no_address(changes, told):
    with pytest.raises(ValidationError, match=told) as refused:
        service(**changes)

    assert "Geheimes" not in str(refused.value)


def test_an_address_is_shown_nowhere():
    known = service()

    assert "Geheimes" not in f"{known!r} {known} {known.model_dump()} {known.model_dump_json()}"


def test_the_form_says_what_each_field_means():
    properties = PushServiceSettings.model_json_schema()["properties"]

    assert all(each["title"] and each["description"] for each in properties.values())
    assert properties["url"]["format"] == "password"


@pytest.mark.parametrize(
    ("url", "words", "shown"),
    [
        (URL, "could not reach ntfy.example.com", "could not reach ***"),
        (URL, "no topic geheimes-thema there", "no topic *** there"),
        ("pover://user-key@app-token", "user-key, APP-TOKEN: error=403", "***, ***: error=403"),
        ("jsons://u:p%40ss-word@h.example", "wrong p@ss-word, p%40ss-word", "wrong ***, ***"),
        ("json://127.0.0.1:80/a", "error=480", "error=480"),
        ("json://abc/abcdef", "abcdefg", "***g"),
        ("json://x", "error", "error"),
    ],
)
def test_every_telling_part_of_an_address_is_hidden_in_words(url, words, shown):
    assert hidden(url, words) == shown
