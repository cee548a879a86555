"""Lists in the Prefect UI: an artifact of the run that asked for it, seen by all admins (L9).

So what is shown here is what everybody may see, whoever asks.
"""

from collections.abc import Sequence

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from domain.lists import Listed
from tasks.boards import Row

FOUND = "found-contacts"
STAFF_PLAN = "staff-plan"


def list_key(listed: Listed) -> str:
    """Give the key of a list's artifacts."""
    return f"list-of-{listed}"


async def show_rows(key: str, rows: Sequence[Row], description: str) -> None:
    """Show a table with the run that asks for it; those of runs before stay with these."""
    await acreate_table_artifact([dict(row) for row in rows], key, description)


async def show_markdown(key: str, markdown: str, description: str) -> None:
    """Show a text, as show_rows does a table."""
    await acreate_markdown_artifact(markdown, key, description)
