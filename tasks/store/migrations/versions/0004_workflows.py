"""Todos, the workflows that create them, and the events that come and go."""

import sqlalchemy as sa
from alembic import op

from tasks.store.migrations.changes import (
    ID,
    INSTANT,
    id_column,
    index,
    long_text,
    partial_index,
    primary_key,
    reference,
    to,
    unique,
)

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Change the structure to what this version needs."""
    _workflows()
    _todos()
    _todo_details()
    _events()


def _workflows() -> None:
    op.create_table(
        "workflow_versions",
        id_column(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("applied_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT),
        primary_key("workflow_versions"),
        unique("workflow_versions", "name", "version"),
    )
    op.create_table(
        "workflow_runs",
        id_column(),
        to("version_id"),
        to("case_id"),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        reference("workflow_runs", "version_id", "workflow_versions"),
        reference("workflow_runs", "case_id", "cases"),
        primary_key("workflow_runs"),
    )
    index("workflow_runs", "version_id")
    index("workflow_runs", "case_id")
    op.create_table(
        "step_visits",
        id_column(),
        to("run_id"),
        sa.Column("step", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(200)),
        sa.Column("contact_id", ID),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("left_at", INSTANT),
        sa.Column("outcome", sa.String(100)),
        sa.Column("reason", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("look_at", INSTANT),
        reference("step_visits", "run_id", "workflow_runs"),
        reference("step_visits", "contact_id", "contacts"),
        primary_key("step_visits"),
        unique("step_visits", "run_id", "step", "number"),
        unique("step_visits", "key"),
    )
    partial_index("ix_step_visits_look_at", "step_visits", ["look_at"], "look_at IS NOT NULL")


def _todos() -> None:
    op.create_table(
        "todos",
        id_column(),
        sa.Column("key", sa.String(200)),
        sa.Column("visit_id", ID),
        sa.Column("template", sa.String(100)),
        sa.Column("parent_id", ID),
        sa.Column("creator_id", ID),
        sa.Column("activity_type", sa.String(50), nullable=False),
        sa.Column("priority", sa.String(10), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        long_text("matchcode"),
        long_text("text"),
        sa.Column("employee_id", ID),
        sa.Column("team_id", ID),
        sa.Column("taken_by_id", ID),
        sa.Column("begin_at", INSTANT),
        sa.Column("due_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        sa.Column("done_by_id", ID),
        sa.Column("outcome", sa.String(100)),
        sa.Column("remind_at", INSTANT),
        sa.Column("reminders", sa.Integer(), nullable=False),
        reference("todos", "visit_id", "step_visits"),
        reference("todos", "parent_id", "todos"),
        reference("todos", "creator_id", "employees"),
        reference("todos", "employee_id", "employees"),
        reference("todos", "team_id", "teams"),
        reference("todos", "taken_by_id", "employees"),
        reference("todos", "done_by_id", "employees"),
        primary_key("todos"),
        unique("todos", "key"),
        unique("todos", "visit_id", "template"),
    )
    for column in ("visit_id", "parent_id", "employee_id", "team_id"):
        index("todos", column)
    partial_index("ix_todos_remind_at", "todos", ["remind_at"], "remind_at IS NOT NULL")
    for name, owner in (
        ("employee", "employee_id"),
        ("team", "team_id"),
        ("taken", "taken_by_id"),
    ):
        condition = f"done_at IS NULL AND {owner} IS NOT NULL"
        partial_index(f"ix_todos_open_{name}", "todos", [owner, "due_at"], condition)


def _todo_details() -> None:
    op.create_table(
        "todo_cases",
        to("todo_id"),
        to("case_id"),
        reference("todo_cases", "todo_id", "todos"),
        reference("todo_cases", "case_id", "cases"),
        primary_key("todo_cases", "todo_id", "case_id"),
    )
    index("todo_cases", "case_id")
    op.create_table(
        "todo_comments",
        id_column(),
        to("todo_id"),
        sa.Column("employee_id", ID),
        sa.Column("at", INSTANT, nullable=False),
        long_text("text"),
        reference("todo_comments", "todo_id", "todos"),
        reference("todo_comments", "employee_id", "employees"),
        primary_key("todo_comments"),
    )
    index("todo_comments", "todo_id")
    op.create_table(
        "todo_changes",
        id_column(),
        to("todo_id"),
        sa.Column("employee_id", ID),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("field", sa.String(50), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        reference("todo_changes", "todo_id", "todos"),
        reference("todo_changes", "employee_id", "employees"),
        primary_key("todo_changes"),
    )
    index("todo_changes", "todo_id")
    op.create_table(
        "turns",
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        primary_key("turns", "name"),
    )


def _events() -> None:
    op.create_table(
        "contact_offers",
        to("contact_id"),
        reference("contact_offers", "contact_id", "contacts"),
        primary_key("contact_offers", "contact_id"),
    )
    op.create_table(
        "incoming_events",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("handled_at", INSTANT, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("visit_id", ID),
        reference("incoming_events", "visit_id", "step_visits"),
        primary_key("incoming_events"),
    )
    op.create_index(
        "ix_incoming_events_outcome_handled_at", "incoming_events", ["outcome", "handled_at"]
    )
    op.create_table(
        "outgoing_events",
        id_column(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("resource", sa.String(200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("relayed_at", INSTANT),
        primary_key("outgoing_events"),
    )
    partial_index("ix_outgoing_events_waiting", "outgoing_events", ["id"], "relayed_at IS NULL")
