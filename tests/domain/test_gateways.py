"""What a person enters about a gateway is checked before anything connects."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from domain.gateways import FaxGateway, FaxGatewaySettings, SmsGateway, SmsGatewaySettings

TWILIO = {
    "shape": "twilio",
    "url": "https://api.example",
    "account_sid": "AC01",
    "token": "secret",
    "sender": "+49301234567",
}
ASKS = {"status_url": "https://sms.example/v1/messages/{reference}"}


def sms(**changes: Any) -> SmsGateway:
    return SmsGateway(**{"name": "sms", "url": "https://sms.example/v1/messages", **changes})


def fax(**changes: Any) -> FaxGateway:
    usual = {"name": "fax", "address_template": "{number}@fax.example.com", "account": "service"}
    return FaxGateway(**{**usual, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"url": "http://127.0.0.1:8025/messages"},
        {"url": "http://[::1]:8025/messages"},
        {"url": "https://sms.example:8443/send?version=2"},
        {"url": "https://xn--bcher-kva.example/"},
        {"token": "Bearer 0123"},
        {"header": "X-Api-Key"},
        {"body": '{"messages": [{"to": ["{digits}"], "text": "{text}"}], "n": 1}'},
        {"reference_path": None},
        ASKS,
        {"status_url": "https://sms.example/status?id={reference}"},
        TWILIO,
        {**TWILIO, "sender": None, "messaging_service": "MG01"},
    ],
)
def test_an_sms_gateway_that_fits_together_is_accepted(changes):
    assert sms(**changes).name == "sms"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"url": "http://sms.example/"}, "address must begin with https://"),
        ({"url": "http://localhost.evil.example/"}, "must begin with https://"),
        ({"url": "ftp://sms.example/"}, "must begin with https://"),
        ({"url": "https://"}, "no web address"),
        ({"url": "https://[sms"}, "no web address"),
        ({"url": "https://sms.example:x/"}, "no web address"),
        ({"url": "https://sms..example/"}, "no web address"),
        ({"url": "https://bücher.example/"}, "no web address"),
        ({"url": "https://999.1.1.1/"}, "no web address"),
        ({"url": f"https://{'a' * 64}.example/"}, "no web address"),
        ({"url": "https://sms.example/a b"}, "no web address"),
        ({"url": "https://anna:secret@sms.example/"}, "must not contain a login"),
        ({"url": "https://sms.example/\r\nHost: evil.example"}, "line breaks"),
        ({"shape": "soap"}, "generic_json"),
        ({"header": "X-Key: a"}, "characters that no header has"),
        ({"token": "a\r\nX-Evil: b"}, "printable ASCII"),
        ({"token": "schlüssel"}, "printable ASCII"),
        ({"sender": "a\nb"}, "line breaks"),
        ({"body": ""}, "the body is no JSON"),
        ({"body": '{"to": "{to}", "text": {text}}'}, "the body is no JSON"),
        ({"body": "[" * 100_000}, "the body is no JSON"),
        ({"body": '{"to": "{to}"}'}, r"needs \{text\}"),
        ({"body": '{"text": "{text}"}'}, r"\{to\} or \{digits\}"),
        ({"body": '{"{to}": "{text}"}'}, r"\{to\} or \{digits\}"),
        ({"body": '{"to": "{to}", "text": "{text}{txt}"}'}, r"has \{txt\}, which is not known"),
        ({"status_url": "https://sms.example/messages"}, r"needs \{reference\}"),
        ({"status_url": "https://{reference}.example/messages"}, r"needs \{reference\}"),
        ({"status_url": "http://sms.example/{reference}"}, "status must begin with https://"),
        ({**ASKS, "reference_path": None}, "path of the id"),
        ({**ASKS, "status_path": None}, "path of the status"),
        ({**TWILIO, "account_sid": None}, "account SID"),
        ({**TWILIO, "account_sid": "AC01/../AC02"}, "account SID"),
        ({**TWILIO, "token": ""}, "auth token"),
        ({**TWILIO, "sender": None}, "either a sender or a messaging service"),
        ({**TWILIO, "messaging_service": "MG01"}, "either a sender or a messaging service"),
        ({**TWILIO, "url": "http://api.example"}, "must begin with https://"),
        ({**TWILIO, "url": "https://api.example/?a=b"}, "end with the server's name"),
        ({"timeout_seconds": 0}, "greater than 0"),
        ({"connections": 11}, "less than or equal to 10"),
        ({"messages_per_minute": -1}, "greater than or equal to 0"),
        ({"name": "Unser Anbieter"}, "lower-case letters"),
    ],
)
def test_an_sms_gateway_that_does_not_fit_is_refused_with_the_reason(changes, told):
    with pytest.raises(ValidationError, match=told):
        sms(**changes)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(ValidationError, match=r"https://.*; .*header.*; .*JSON"):
        sms(url="http://sms.example/", header="a b", body="")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"address_template": "{digits}@fax.example.com"},
        {"address_template": "fax+{national}@fax.example.com"},
        {"subject": "{matchcode} an {number}"},
        {"paper": "Letter"},
        {"sender_name": "Müller Maschinenbau GmbH", "sender_fax": "030 1234567-9"},
    ],
)
def test_a_fax_gateway_that_fits_together_is_accepted(changes):
    assert fax(**changes).name == "fax"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"address_template": "fax@fax.example.com"}, r"needs \{number\}"),
        ({"address_template": "{number}"}, "does not give an e-mail address"),
        ({"address_template": "{number}@fax example.com"}, "does not give an e-mail address"),
        ({"address_template": "{nummer}@fax.example.com"}, r"has \{nummer\}, which is not known"),
        ({"address_template": "{number}@fax.example.com\nBcc: a@b.example"}, "line breaks"),
        ({"subject": "{text}"}, r"subject template has \{text\}"),
        ({"subject": "a\r\nb"}, "line breaks"),
        ({"account": " "}, "at least 1 character"),
        ({"sender_name": "a\nb"}, "line breaks"),
        ({"paper": "A5"}, "Letter"),
        ({"name": "Fax!"}, "lower-case letters"),
    ],
)
def test_a_fax_gateway_that_does_not_fit_is_refused_with_the_reason(changes, told):
    with pytest.raises(ValidationError, match=told):
        fax(**changes)


@pytest.mark.rule("F3")
@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("{number}@fax.example.com", "+49301234567@fax.example.com"),
        ("{digits}@fax.example.com", "49301234567@fax.example.com"),
        ("{national}@fax.example.com", "0049301234567@fax.example.com"),
    ],
)
def test_a_number_is_written_as_the_gateway_wants_it(template, address):
    assert fax(address_template=template).address_for("+49301234567") == address


def test_a_subject_is_one_line_and_filled_once():
    gateway = fax(subject="{digits}: {matchcode}")

    subject = gateway.subject_for("+49301234567", "Angebot {number}\r\nBcc: evil@example.com")

    assert subject == "49301234567: Angebot {number} Bcc: evil@example.com"


def test_no_secret_is_shown():
    gateway = sms(token="very-secret")

    assert "very-secret" not in repr(gateway) + gateway.model_dump_json()


@pytest.mark.parametrize("gateway", [sms(), fax()])
def test_a_gateway_cannot_be_changed(gateway):
    with pytest.raises(ValidationError, match="frozen"):
        gateway.name = "other"


@pytest.mark.parametrize("settings", [SmsGatewaySettings, FaxGatewaySettings])
def test_the_form_shows_a_title_and_a_sentence_for_each_field_and_refers_to_nothing(settings):
    form = settings.model_json_schema()

    assert "$ref" not in json.dumps(form)
    for field in form["properties"].values():
        assert field["title"]
        assert field["description"].endswith(".")
