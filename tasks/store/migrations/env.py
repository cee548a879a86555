"""Run the migrations on the connection that the store hands over."""

from typing import Any, Literal

from alembic import context

from tasks.store.tables import Id, Instant, metadata


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own types into a migration as what they are, so that it never changes."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item is Id:
        return "ID"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render_item,
)
context.run_migrations()
