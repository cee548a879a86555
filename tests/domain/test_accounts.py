"""What a person enters about a mail account is checked before anything connects."""

from typing import Any

import pytest
from builders import account
from pydantic import ValidationError

from domain.accounts import MailAccount, is_loopback

OAUTH = {
    "password": "",
    "oauth_token_url": "https://login.example/token",
    "oauth_client_id": "id",
    "oauth_client_secret": "secret",
    "oauth_refresh_token": "refresh",
}


def sending(**changes: Any) -> MailAccount:
    return account(**{"smtp_host": "127.0.0.1", **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"host": "imap.firm.example", "security": "tls"},
        {"host": "imap.firm.example", "security": "starttls"},
        {"host": "::1"},
        {"host": "localhost"},
        OAUTH,
        {**OAUTH, "oauth_token_url": "http://127.0.0.1:9000/token"},
        {"after_import": "move", "move_to": "Erledigt"},
        {"employees": ("1001",), "teams": ()},
        {"smtp_host": "smtp.firm.example"},
        {"smtp_host": "smtp.firm.example", "smtp_login": "relay", "smtp_password": "x"},
        {"smtp_host": "smtp.firm.example", "smtp_without_login": True},
        {"smtp_host": "localhost", "smtp_security": "none"},
        {"smtp_security": "none"},
        {"signature": "Mit freundlichen Grüßen\n\tIhr Helpdesk"},
        {"sender_name": "", "subject_prefix": "[Helpdesk]"},
    ],
)
def test_what_fits_together_is_accepted(changes):
    assert account(**changes).name == "service"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"host": "imap.firm.example"}, "for this very machine only"),
        ({"host": "localhost.evil.example"}, "for this very machine only"),
        ({"password": ""}, "either a password or the four OAuth fields"),
        ({**OAUTH, "oauth_refresh_token": ""}, "either a password or the four"),
        ({**OAUTH, "oauth_token_url": "http://login.example/token"}, "begin with https"),
        ({"after_import": "move"}, "name the folder to move"),
        ({"after_import": "move", "move_to": "INBOX"}, "into a folder that is watched"),
        ({"teams": ()}, "at least one employee or team"),
        ({"folders": ()}, "at least 1 item"),
        ({"address": "nobody"}, "is not an e-mail address"),
        ({"name": "Der Service"}, "lower-case letters"),
        ({"login": "a\r\nb LOGOUT"}, "line breaks"),
        ({"folders": ("INBOX\r\nx DELETE INBOX",)}, "line breaks"),
        ({"move_to": "a\nb"}, "line breaks"),
        ({"host": " "}, "at least 1 character"),
        ({"port": 0}, "greater than or equal to 1"),
        ({"timeout_seconds": 0}, "greater than 0"),
        ({"poll_seconds": 4000}, "less than or equal to 3600"),
        ({"action": "delete"}, "create_contact"),
        ({"smtp_host": "smtp.firm.example", "smtp_security": "none"}, "this very machine only"),
        ({"smtp_host": "::1", "smtp_login": "a", "smtp_without_login": True}, "but not both"),
        ({"smtp_host": "::1", "smtp_password": "a", "smtp_without_login": True}, "but not both"),
        ({"smtp_password": "a"}, "name the SMTP server"),
        ({"smtp_host": "a\r\nb"}, "line breaks"),
        ({"smtp_port": 65536}, "less than or equal to 65535"),
        ({"smtp_security": "ssl"}, "starttls"),
        ({"sender_name": "Firm\r\nBcc: eve@evil.example"}, "line breaks"),
        ({"subject_prefix": "a\nb"}, "line breaks"),
        ({"signature": "a\x00b"}, "control characters"),
        ({"signature": "a\rb"}, "control characters"),
        ({"sent_folder": ""}, "at least 1 character"),
        ({"sent_copy": "always"}, "by_server"),
        ({"case_token": "nowhere"}, "reply_address"),
        ({"messages_per_minute": -1}, "greater than or equal to 0"),
        ({"connections": 0}, "greater than or equal to 1"),
        ({"connections": 11}, "less than or equal to 10"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(changes, told):
    with pytest.raises(ValidationError, match=told):
        account(**changes)


@pytest.mark.parametrize(("security", "port"), [("tls", 993), ("starttls", 143), ("none", 143)])
def test_the_port_follows_from_the_security_unless_it_is_given(security, port):
    assert account(security=security).imap_port == port
    assert account(security=security, port=1143).imap_port == 1143


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("starttls", 587), ("none", 25)])
def test_the_smtp_port_follows_from_the_security_unless_it_is_given(security, port):
    assert sending(smtp_security=security).submission_port == port
    assert sending(smtp_security=security, smtp_port=2525).submission_port == 2525


def test_only_an_account_with_an_smtp_server_sends():
    assert sending().sends
    assert not account().sends


@pytest.mark.parametrize(
    ("changes", "login", "password", "oauth"),
    [
        ({}, "service@firm.example", "secret", False),
        ({"smtp_login": "relay"}, "relay", "secret", False),
        ({"smtp_password": "other"}, "service@firm.example", "other", False),
        ({"smtp_login": "relay", "smtp_password": "other"}, "relay", "other", False),
        (OAUTH, "service@firm.example", "", True),
        ({**OAUTH, "smtp_password": "other"}, "service@firm.example", "other", False),
    ],
)
def test_mail_is_handed_in_with_the_imap_login_unless_there_is_another(
    changes, login, password, oauth
):
    mine = sending(**changes)

    assert mine.submission_login == login
    assert mine.submission_password.get_secret_value() == password
    assert mine.submits_with_oauth is oauth


def test_a_signature_has_one_kind_of_line_ends():
    assert account(signature="Grüße\r\nAnna\n").signature == "Grüße\nAnna\n"


@pytest.mark.rule("R1")
@pytest.mark.parametrize(("action", "creates"), [("create_contact", True), ("none", False)])
def test_only_the_action_create_contact_creates_contacts(action, creates):
    assert account(action=action).creates_contacts is creates


@pytest.mark.parametrize("field", ["password", "smtp_password"])
def test_no_secret_is_shown(field):
    mine = sending(**{field: "very-secret"})

    assert "very-secret" not in repr(mine) + mine.model_dump_json()


def test_an_account_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        account().name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("192.0.2.1", False),
        ("localhost.example", False),
    ],
)
def test_this_very_machine_is_known_by_its_name_alone(host, loopback):
    assert is_loopback(host) is loopback


def test_addresses_are_written_in_one_way():
    written: MailAccount = account(address="service@FIRM.example")

    assert written.address == "service@firm.example"
