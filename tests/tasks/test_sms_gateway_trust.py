"""An SMS gateway is proved before it is told anything, and its words are trusted with nothing."""

import json
import logging
import ssl
import traceback
from collections.abc import Iterator

import pytest
from servers.certificates import write_certificates
from servers.sms_gateway import (
    TOKEN,
    SmsGatewayServer,
    Turn,
    generic,
    line_to,
    sms_gateway,
    twilio,
)

from domain.delivery import Outcome
from domain.errors import CertificateRefused, ConfigurationError, LoginRefused, ServerUnreachable
from tasks.gateways.generic_json import GenericJson
from tasks.gateways.shape import Sms
from tasks.gateways.sms_line import SmsLine
from tasks.gateways.twilio import Twilio

NUMBER, TEXT, ID = "+491711234567", "Ihr Gerät ist fertig.", "1.sms@firm.example"
SHAPES = pytest.mark.parametrize("build", [generic, twilio])


@SHAPES
def test_hostile_words_are_one_short_line(build):
    hostile = b"\x1b[31m\r\n\x00No\xff\t\xe2\x80\xae" + b"x" * 70_000

    with sms_gateway(Turn(400, hostile)) as server, line_to(build(server.url)) as line:
        answer = line.send(NUMBER, TEXT, ID)

    assert answer.text.isprintable()
    assert answer.text.startswith("400 Bad Request: [31m No")
    assert len(answer.text) < 310


@SHAPES
def test_no_secret_is_shown_even_if_the_gateway_says_it(build, caplog):
    caplog.set_level(logging.DEBUG)
    told = json.dumps({"message": f"bad token {TOKEN}", "reason": f"bad token {TOKEN}"}).encode()

    with (
        sms_gateway(Turn(400, told), Turn(401, told)) as server,
        line_to(build(server.url)) as line,
    ):
        answer = line.send(NUMBER, TEXT, ID)
        with pytest.raises(LoginRefused) as raised:
            line.send(NUMBER, TEXT, ID)

    shown = [answer.text, "".join(traceback.format_exception(raised.value)), caplog.text]
    assert "bad token ***" in answer.text
    assert not any(TOKEN in text for text in [*shown, repr(line)])


@SHAPES
def test_the_gateway_is_proved_by_its_authority(build, tls_url, tmp_path):
    with line_to(build(tls_url, ca_file=str(tmp_path / "ca.pem"))) as line:
        assert line.send(NUMBER, TEXT, ID).outcome is Outcome.ACCEPTED


@SHAPES
def test_a_gateway_that_cannot_prove_who_it_is_is_told_nothing(build, tls_server, tls_url):
    with (
        line_to(build(tls_url)) as line,
        pytest.raises(CertificateRefused, match=r"sms: .*certificate"),
    ):
        line.send(NUMBER, TEXT, ID)

    assert tls_server.taken == []


@SHAPES
def test_a_certificate_of_another_name_is_refused(build, tls, tmp_path):
    with (
        sms_gateway(tls=tls, host="127.0.0.2") as server,
        line_to(
            build(f"https://127.0.0.2:{server.server_port}", ca_file=str(tmp_path / "ca.pem"))
        ) as line,
        pytest.raises(CertificateRefused, match=r"not valid for '127\.0\.0\.2'"),
    ):
        line.send(NUMBER, TEXT, ID)

    assert server.taken == []


@SHAPES
def test_a_gateway_that_speaks_no_tls_is_told_nothing(build):
    with (
        sms_gateway() as server,
        line_to(build(f"https://127.0.0.1:{server.server_port}")) as line,
        pytest.raises(ServerUnreachable, match="sms cannot be reached"),
    ):
        line.send(NUMBER, TEXT, ID)

    assert server.taken == []


@pytest.mark.parametrize(("shape", "build"), [(GenericJson, generic), (Twilio, twilio)])
def test_a_request_does_not_show_its_secret(shape, build):
    request = shape(build("https://sms.example")).sending(Sms(NUMBER, TEXT, ID))

    assert "Authorization" in request.headers
    assert request.headers["Authorization"] not in repr(request)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_without_certificates_is_a_wrong_setting(tmp_path, content):
    path = tmp_path / "ca.pem"
    if content:
        path.write_text(content)

    with pytest.raises(ConfigurationError, match="holds no certificates"):
        SmsLine(generic("https://sms.example", ca_file=str(path)))


@pytest.fixture
def tls(tmp_path) -> ssl.SSLContext:
    write_certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    return context


@pytest.fixture
def tls_server(tls) -> Iterator[SmsGatewayServer]:
    with sms_gateway(tls=tls) as server:
        yield server


@pytest.fixture
def tls_url(tls_server) -> str:
    return f"https://localhost:{tls_server.server_port}"
