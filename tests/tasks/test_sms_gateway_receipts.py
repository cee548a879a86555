"""What a gateway says later: that a message arrived, that it never will, or nothing yet."""

import pytest
from servers.sms_gateway import Break, Turn, generic, line_to, sms_gateway, twilio

from domain.delivery import Answer, Outcome
from domain.errors import LoginRefused, ServerUnreachable

SHAPES = pytest.mark.parametrize("build", [generic, twilio])


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("queued", None),
        ("sending", None),
        ("sent", None),
        ("nonsense", None),
        (None, None),
        (7, None),
        ("delivered", Outcome.ACCEPTED),
        ("undelivered", Outcome.FOR_GOOD),
        ("failed", Outcome.FOR_GOOD),
    ],
)
@SHAPES
def test_a_receipt_tells_what_is_final(build, status, outcome):
    with sms_gateway() as server, line_to(build(server.url)) as line:
        server.fates["m-1"] = {"id": "m-1", "sid": "m-1", "status": status}

        receipt = line.receipt("m-1")

    assert (receipt and receipt.outcome) == outcome
    assert receipt is None or receipt.reference == "m-1"


def test_a_receipt_tells_why_a_message_was_lost():
    with sms_gateway() as server, line_to(generic(server.url)) as line:
        server.fates["m-1"] = {"status": "Rejected", "reason": "subscriber\r\nunknown"}

        assert line.receipt("m-1") == Answer(
            Outcome.FOR_GOOD, "Rejected: subscriber unknown", "m-1"
        )


def test_a_receipt_of_twilio_has_its_code():
    with sms_gateway() as server, line_to(twilio(server.url)) as line:
        server.fates["SM1"] = {"status": "undelivered", "error_code": 30005, "error_message": None}

        assert line.receipt("SM1") == Answer(Outcome.FOR_GOOD, "undelivered (Twilio 30005)", "SM1")


@pytest.mark.parametrize("turn", [Turn(404, b""), Turn(500, b""), Turn(429, b""), Turn(200, b"x")])
@SHAPES
def test_a_receipt_that_cannot_be_read_leaves_the_fate_open(build, turn):
    with sms_gateway(turn) as server, line_to(build(server.url)) as line:
        assert line.receipt("m-1") is None


@pytest.mark.parametrize(
    ("turn", "error"),
    [
        (Turn(401, b""), LoginRefused),
        (Turn(breaks=Break.BEFORE_ANSWERING), ServerUnreachable),
        (Turn(breaks=Break.BEFORE_READING), ServerUnreachable),
    ],
)
@SHAPES
def test_a_receipt_that_cannot_be_asked_for_is_raised(build, turn, error):
    with (
        sms_gateway(turn) as server,
        line_to(build(server.url)) as line,
        pytest.raises(error, match="sms"),
    ):
        line.receipt("m-1")


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("..", "/messages/%2E%2E"),
        ("../accounts", "/messages/%2E%2E%2Faccounts"),
        ("a?b=c#d", "/messages/a%3Fb%3Dc%23d"),
        ("ä b", "/messages/%C3%A4%20b"),
    ],
)
def test_a_reference_never_leads_to_another_address(reference, path):
    with sms_gateway() as server, line_to(generic(server.url)) as line:
        line.receipt(reference)

    assert [taken.path for taken in server.taken] == [path]


@pytest.mark.parametrize("changes", [{"status_url": None}, {}])
def test_nobody_is_asked_where_nobody_can_tell(changes):
    with sms_gateway() as server, line_to(generic(server.url, **changes)) as line:
        assert line.receipt("m-1" if changes else "") is None

    assert server.taken == []
