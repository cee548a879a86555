"""The configuration file says what there is, and what is wrong with it in one line."""

import pytest
from builders import DIRECTORY

from deployments.configuration import configuration, read, unknown
from domain.errors import ConfigurationError
from tasks.settings import settings
from tasks.store.database import store
from tasks.store.directory import apply_directory

ACCOUNT = """
[[mail_account]]
name = "service"
address = "service@firm.example"
host = "imap.firm.example"
login = "service@firm.example"
password_env = "SERVICE_PASSWORD"
teams = ["Helpdesk"]
"""
PEOPLE = """
[[employee]]
number = "1002"
name = "Jonas Weber"
[[team]]
name = "Helpdesk"
members = ["1002"]
"""


SENDING = """
smtp_host = "smtp.firm.example"
smtp_login = "out@firm.example"
smtp_password_env = "SERVICE_PASSWORD"
"""
SMS_GATEWAY = """
[[sms_gateway]]
name = "mobile"
url = "https://sms.firm.example/messages"
token_env = "SERVICE_PASSWORD"
"""
FAX_GATEWAY = """
[[fax_gateway]]
name = "office"
address_template = "{number}@fax.firm.example"
account = "service"
"""
PUSH_SERVICE = """
[[push_service]]
name = "jonas-phone"
url_env = "PUSH_URL"
employee = "1002"
quiet_from = "22:00"
quiet_until = "07:00"
"""
ACTIVITY_TYPE = """
[[activity_type]]
name = "Angebot"
options = ["e-mail", "fax"]
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("SERVICE_PASSWORD", "very-secret")
    monkeypatch.setenv("PUSH_URL", "ntfys://push.firm.example/very-secret")
    monkeypatch.setenv("WRONG_URL", "nonsense://very-secret")
    return tmp_path / "kontaktwerk.toml"


def test_a_file_gives_directory_and_accounts(file):
    file.write_text(PEOPLE + ACCOUNT)

    configured = read(file)

    [account] = configured.accounts
    assert account.teams == ("Helpdesk",)
    assert account.password.get_secret_value() == "very-secret"
    assert configured.directory.employee[0].name == "Jonas Weber"
    assert "very-secret" not in repr(configured)


def test_a_file_gives_gateways_and_activity_types(file):
    file.write_text(PEOPLE + ACCOUNT + SENDING + SMS_GATEWAY + FAX_GATEWAY + ACTIVITY_TYPE)

    configured = read(file)

    assert configured.accounts[0].smtp_password.get_secret_value() == "very-secret"
    assert configured.sms_gateways[0].token.get_secret_value() == "very-secret"
    assert configured.fax_gateways[0].account == "service"
    assert configured.directory.activity_type[0].options == ("e-mail", "fax")
    assert "very-secret" not in repr(configured)


def test_a_file_gives_push_services_with_their_address_from_elsewhere(file, tmp_path):
    address = "ntfys://push.firm.example/very-secret"
    (tmp_path / "address").write_text(f"{address}\n")
    other = PUSH_SERVICE.replace("jonas-phone", "jonas-chat")
    from_file = other.replace('url_env = "PUSH_URL"', f'url_file = "{tmp_path / "address"}"')
    file.write_text(PEOPLE + PUSH_SERVICE + from_file)

    configured = read(file)

    addresses = [each.url.get_secret_value() for each in configured.push_services]
    assert addresses == [address, address]
    assert configured.push_services[0].quiet_from == "22:00"
    assert "very-secret" not in repr(configured)


def test_people_have_wishes_and_a_zone_and_there_is_equipment(file):
    file.write_text(
        """
        [[employee]]
        number = "1002"
        name = "Jonas Weber"
        zone = "Europe/Lisbon"
        active = false
        alarms = { channels = ["push"], escalate_after = 5, escalate_to = "e-mail" }
        [[equipment]]
        number = "R-1"
        name = "Room 1"
        """,
        encoding="utf-8",
    )

    directory = read(file).directory

    [jonas], [room] = directory.employee, directory.equipment
    assert (jonas.zone, jonas.active) == ("Europe/Lisbon", False)
    assert jonas.alarms
    assert jonas.alarms.channels == ("push",)
    assert (room.number, room.active) == ("R-1", True)


def test_people_have_numbers_and_a_signature(file):
    file.write_text(
        """
        [[employee]]
        number = "1002"
        name = "Jonas Weber"
        mobile = "0171 3920001"
        signature = "Jonas Weber\\nHelpdesk"
        [[address]]
        number = "10001"
        name = "Müller GmbH"
        fax = "030 23125 110"
        [[address.person]]
        name = "Petra Müller"
        mobile = "0171 3920011"
        """,
        encoding="utf-8",
    )

    directory = read(file).directory

    assert directory.employee[0].mobile == "0171 3920001"
    assert directory.employee[0].signature == "Jonas Weber\nHelpdesk"
    assert directory.address[0].fax == "030 23125 110"
    assert directory.address[0].person[0].mobile == "0171 3920011"


def test_a_secret_may_stand_in_a_file_of_its_own(file, tmp_path):
    (tmp_path / "password").write_text("fröhlich\n", encoding="utf-8")
    own = f'password_file = "{tmp_path / "password"}"'
    file.write_text(PEOPLE + ACCOUNT.replace('password_env = "SERVICE_PASSWORD"', own))

    [account] = read(file).accounts

    assert account.password.get_secret_value() == "fröhlich"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[mail_account", "cannot be read"),
        ("\udcff", "cannot be read"),
        ('[mail_account]\nname = "service"', "[[mail_account]]"),
        ('mail_account = "service"', "[[mail_account]]"),
        ("[[mail_acount]]", "mail_acount: Extra inputs are not permitted"),
        (PEOPLE.replace("1002", "1003", 1), "team Helpdesk: there is no employee 1002"),
        (ACCOUNT + ACCOUNT, "two mail accounts have the same name"),
        (ACCOUNT.replace("SERVICE_PASSWORD", "NOT_SET"), "the environment has no NOT_SET"),
        (ACCOUNT.replace('"SERVICE_PASSWORD"', "3"), "must be texts"),
        (ACCOUNT.replace("password_env", "password_file"), "SERVICE_PASSWORD cannot be read"),
        (ACCOUNT.replace("password_env", "passwort_env"), "passwort_env: Extra inputs"),
        (ACCOUNT.replace('"service"', '"Der Service"'), "mail account Der Service: name:"),
        (ACCOUNT.replace('["Helpdesk"]', "[]"), "assign the account"),
        (ACCOUNT.replace("service@firm.example", "nobody", 1), "address: is not an e-mail"),
        (ACCOUNT + 'security = "none"', "for this very machine only"),
        ("sms_gateway = 3", "write each SMS gateway below a [[sms_gateway]]"),
        (SMS_GATEWAY + SMS_GATEWAY, "two SMS gateways have the same name"),
        (FAX_GATEWAY + FAX_GATEWAY, "two fax gateways have the same name"),
        (SMS_GATEWAY.replace("SERVICE_PASSWORD", "NOT_SET"), "SMS gateway mobile: the environment"),
        (SMS_GATEWAY.replace("https:", "http:"), "SMS gateway mobile: "),
        (SMS_GATEWAY.replace("url", "uri"), "SMS gateway mobile: url: Field required"),
        (SMS_GATEWAY.replace('"mobile"', '"Mobile!"'), "SMS gateway Mobile!: name: "),
        (FAX_GATEWAY.replace("{number}", "fax"), "fax gateway office: "),
        (FAX_GATEWAY.replace('"office"', '""'), "fax gateway : name: "),
        (PUSH_SERVICE + PUSH_SERVICE, "two push services have the same name"),
        (PUSH_SERVICE.replace("PUSH_URL", "NOT_SET"), "push service jonas-phone: the environment"),
        (PUSH_SERVICE.replace("PUSH_URL", "SERVICE_PASSWORD"), "jonas-phone: url: is no address"),
        (PUSH_SERVICE.replace("url_env", "uri"), "push service jonas-phone: url: Field required"),
        (PUSH_SERVICE.replace("07:00", ""), "give both ends of the quiet hours"),
        (PEOPLE.replace("number", 'zone = "Mars/Base"\nnumber'), "no time zone Mars/Base"),
        (PEOPLE.replace("number", "alarms = { channels = ['telex'] }\nnumber"), "channels.0"),
        (PEOPLE.replace("number", "alarms = { escalate_after = 5 }\nnumber"), "go together"),
        (PEOPLE.replace("number", "alarms = { escalate_after = 0 }\nnumber"), "escalate_after"),
        (ACTIVITY_TYPE.replace("options", "option"), "activity_type.0.option: Extra inputs"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_without_a_secret(file, content, told):
    file.write_bytes(content.encode("utf-8", "surrogateescape"))

    with pytest.raises(ConfigurationError) as refused:
        read(file)

    sentence = str(refused.value)
    assert told in sentence
    assert str(file) in sentence
    assert "\n" not in sentence
    assert "very-secret" not in sentence


@pytest.fixture
def installed(file):
    settings.cache_clear()
    store().upgrade()
    yield store()
    store().engine.dispose()


@pytest.mark.parametrize(
    ("assigned", "told"),
    [
        ('employees = ["9999"]', "mail account service: there is no employee 9999"),
        ('teams = ["Nobodies"]', "mail account service: there is no team Nobodies"),
        (
            'teams = ["Nobodies"]\nemployees = ["9999"]',
            "there is no employee 9999 and no team Nobodies",
        ),
    ],
)
def test_an_account_for_somebody_unknown_is_refused_before_anything_starts(
    file, installed, assigned, told
):
    file.write_text(PEOPLE + ACCOUNT.replace('teams = ["Helpdesk"]', assigned))

    with pytest.raises(ConfigurationError, match=told):
        configuration(settings())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (FAX_GATEWAY, "fax gateway office: there is no mail account service"),
        (
            PEOPLE + ACCOUNT + FAX_GATEWAY,
            "fax gateway office: mail account service has no SMTP server",
        ),
        (
            ACTIVITY_TYPE.replace('"fax"', '"telex"'),
            "activity type Angebot: there is no channel telex",
        ),
        (
            ACTIVITY_TYPE.replace('"fax"', '"push"'),
            "activity type Angebot: there is no channel push",
        ),
        (PUSH_SERVICE, "push service jonas-phone: there is no employee 1002"),
        (
            PEOPLE + PUSH_SERVICE.replace("PUSH_URL", "WRONG_URL"),
            "push service jonas-phone: its address is none that apprise knows",
        ),
        (
            FAX_GATEWAY + ACTIVITY_TYPE.replace('"fax"', '"telex"'),
            "no mail account service; activity type Angebot: there is no channel telex",
        ),
    ],
)
def test_what_names_something_unknown_is_refused_before_anything_starts(
    file, installed, content, told
):
    file.write_text(content)

    with pytest.raises(ConfigurationError, match=told) as refused:
        configuration(settings())

    assert "very-secret" not in str(refused.value)


def test_a_push_service_may_be_for_somebody_of_the_file(file, installed):
    file.write_text(PEOPLE + PUSH_SERVICE)

    configured = configuration(settings())

    assert [service.employee for service in configured.push_services] == ["1002"]


def test_a_fax_gateway_may_name_an_account_of_the_file_that_sends(file, installed):
    file.write_text(PEOPLE + ACCOUNT + SENDING + FAX_GATEWAY)

    configured = configuration(settings())

    assert [gateway.name for gateway in configured.fax_gateways] == ["office"]


def test_an_account_may_be_for_somebody_whom_the_database_knows(file, installed):
    apply_directory(installed, DIRECTORY)
    file.write_text(ACCOUNT)

    [account] = configuration(settings()).accounts

    assert account.name == "service"


def test_where_there_is_no_file_there_is_the_demo():
    configured = configuration(settings())

    assert [account.name for account in configured.accounts if account.sends] == [
        "service",
        "sales",
    ]
    assert [gateway.name for gateway in configured.sms_gateways] == ["demo-sms"]
    assert [gateway.name for gateway in configured.fax_gateways] == ["demo-fax"]
    assert [service.employee for service in configured.push_services] == ["1001"]
    assert configured.dispatches


def test_the_demo_names_nothing_unknown(installed):
    configured = configuration(settings())

    assert list(unknown(configured)) == []
