"""The workflows' boards in the Prefect UI: where the cases are, and what stands still.

They show counts, case numbers and reasons: no texts of cases, todos or contacts (L9). The steps
are drawn as a picture, because the UI draws no Mermaid diagrams.
"""

import asyncio
import base64
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from domain.workflow_pictures import picture
from tasks.boards import Row, minute, plain, show_board, show_text
from tasks.store.database import store
from tasks.store.workflow_counts import (
    RefusedEvent,
    StepCount,
    WorkflowCounts,
    last_change,
    refused_events,
    workflow_counts,
)

REFUSED = "refused-events"
MOST = 30  # standstills of a workflow, and refused events
_AMBIGUOUS = re.compile("-[-_]|_-")  # hyphens that cannot be told from an underscore's
AT_LATEST = timedelta(seconds=15)  # todos fall overdue without any change


class WorkflowBoards:
    """What the boards show, so that only what is different is written again."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}
        self._change = -1
        self._looked_at: datetime | None = None

    async def show(self) -> None:
        """Show how the workflows fare, where something has changed."""
        now = await asyncio.to_thread(store().now)
        if not await self._is_due(now):
            return
        for counts in await asyncio.to_thread(workflow_counts, store(), now, MOST):
            if not counts.is_over or counts.workflow.name in self._shown:
                await self._show_workflow(counts, now)
        await self._show_refused(await asyncio.to_thread(refused_events, store(), MOST), now)
        self._looked_at = now

    async def _is_due(self, now: datetime) -> bool:
        before, self._change = self._change, await asyncio.to_thread(last_change, store())
        rested = self._looked_at and now < self._looked_at + AT_LATEST
        return self._change != before or not rested

    async def _show_workflow(self, counts: WorkflowCounts, now: datetime) -> None:
        name, text = counts.workflow.name, board_text(counts)
        if self._shown.get(name) != text:
            told = f"{plain(counts.workflow.title)}: where its cases are; {minute(now)}."
            if await show_text(board_key(name), text, told):
                self._shown[name] = text

    async def _show_refused(self, events: Sequence[RefusedEvent], now: datetime) -> None:
        text = repr(events)
        if self._shown.get(REFUSED) != text:
            told = f"Events that entered no step, the latest first; {minute(now)}."
            if await show_board(REFUSED, [_row(event) for event in events], told):
                self._shown[REFUSED] = text


def board_key(workflow: str) -> str:
    """Give the key of a workflow's board, which no other one has: keys take no underscores."""
    key = f"workflow-{workflow.replace('_', '--')}"
    if not _AMBIGUOUS.search(workflow):
        return key
    return f"{key}-{sha256(workflow.encode()).hexdigest()[:8]}"


def board_text(counts: WorkflowCounts) -> str:
    """Write a workflow's board: the picture, the steps' counts, and what stands still."""
    retired = ["It is retired: no case starts with it any more.", ""] if counts.is_retired else []
    return "\n".join([_picture(counts), "", *retired, *_table(counts), "", *_standing(counts)])


def _picture(counts: WorkflowCounts) -> str:
    said = {step: _count(count) for step, count in counts.steps.items()}
    drawn = base64.b64encode(picture(counts.workflow, said).encode()).decode()
    return f"![{plain(counts.workflow.title)}](data:image/svg+xml;base64,{drawn})"


def _count(count: StepCount) -> str:
    inside = "1 case" if count.cases == 1 else f"{count.cases:,} cases"
    late = f", {count.overdue:,} overdue" if count.overdue else ""
    return f"{inside}, {count.open_todos:,} open{late}"


def _table(counts: WorkflowCounts) -> Iterator[str]:
    yield "| step | cases | todos open | overdue |"
    yield "|---|---:|---:|---:|"
    for name, count in counts.steps.items():
        yield _line(plain(counts.workflow.steps[name].title), count)
    for name, count in counts.former.items():
        yield _line(f"{plain(name)}, of an earlier version", count)


def _line(step: str, count: StepCount) -> str:
    return f"| {step} | {count.cases:,} | {count.open_todos:,} | {count.overdue:,} |"


def _standing(counts: WorkflowCounts) -> Iterator[str]:
    if counts.standing:
        yield "These stand still; *retry-visit* tries one again.\n"
        yield "| visit | case | step | reason |"
        yield "|---:|---|---|---|"
    for each in counts.standing:
        yield f"| {each.visit_id} | {plain(each.case)} | {each.step} | {plain(each.reason)} |"


def _row(event: RefusedEvent) -> Row:
    asked = {name: _short(event.payload.get(name)) for name in ("case", "workflow", "step")}
    return {"at": minute(event.handled_at), **asked, "reason": _short(event.reason, 200)}


def _short(value: object, most: int = 60) -> str:
    text = "" if value is None else str(value)
    return plain(text if len(text) <= most else f"{text[: most - 1]}…")
