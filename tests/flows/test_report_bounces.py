"""The report that the example automation asks for."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from builders import account, bounce_of, prepared, receive_letters
from flow_api import artifacts
from prefect.exceptions import ParameterTypeError
from sqlalchemy import update

from flows.report_bounces import BOUNCES, report_bounces
from tasks.store.sent_elsewhere import SentElsewhere, note_sent_elsewhere
from tasks.store.tables import deliveries

TO = ("petra@mueller.example", "uwe@mueller.example")


def test_the_board_counts_what_came_back_and_names_nobody(installed):
    now = datetime.now(UTC)
    box = prepared(installed, account())
    note_sent_elsewhere(installed, SentElsewhere("angebot@firm.example", "SC-1042", TO), now)
    receive_letters(installed, box, [bounce_of("angebot@firm.example", *TO)])
    with installed.writing() as connection:
        connection.execute(update(deliveries).values(bounced_at=now - timedelta(minutes=5)))

    state = asyncio.run(report_bounces(return_state=True))

    [board] = asyncio.run(artifacts(BOUNCES))
    [row] = json.loads(board["data"])
    assert state.message == "2 bounced in 1 h"
    assert (row["recipients at"], row["bounced"]) == ("mueller.example", 2)
    assert "petra@" not in str(board)


@pytest.mark.parametrize("hours", [-5, 0, 8_761, 10**15])
def test_no_more_than_a_year_is_looked_back(installed, hours):
    with pytest.raises(ParameterTypeError, match="hours"):
        asyncio.run(report_bounces(hours))
