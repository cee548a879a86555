"""What came back lately is counted: an automation asks for it where it is much."""

import asyncio
from datetime import timedelta
from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import Field

from tasks.boards import Row, minute, plain, show_board
from tasks.run_names import rename_run
from tasks.store.bounce_counts import bounce_counts
from tasks.store.database import store

BOUNCES = "bounces"
YEAR = 8_760  # hours


@flow(name="report-bounces", flow_run_name="report bounces")
async def report_bounces(hours: Annotated[int, Field(ge=1, le=YEAR)] = 1) -> State[Any]:
    """Count what came back, by mail account and the recipients' domains, on the board *bounces*.

    Args:
        hours: How far to look back, at most a year.
    """
    now = await asyncio.to_thread(store().now)
    counts = await asyncio.to_thread(bounce_counts, store(), now - timedelta(hours=hours))
    rows: list[Row] = [
        {"by": plain(each.queue), "recipients at": plain(each.domain), "bounced": each.bounced}
        for each in counts
    ]
    await show_board(BOUNCES, rows, f"What came back in {hours} h; {minute(now)}.")
    told = f"{sum(each.bounced for each in counts)} bounced in {hours} h"
    await rename_run(f"report bounces - {told}")
    return Completed(message=told, data=told)
