"""Appointments: their occurrences, whom they concern, their alarms, and guests' answers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from tasks.store.migrations.changes import (
    ID,
    INSTANT,
    add,
    id_column,
    index,
    long_text,
    primary_key,
    refer,
    reference,
    to,
    unique,
)

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Change the structure to what this version needs."""
    _directory()
    _appointments()
    _occurrences()
    _guests()
    _dispatches()
    _alarms()


def _directory() -> None:
    add(
        "employees",
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("zone", sa.String(50)),
    )
    op.create_table(
        "equipment",
        id_column(),
        sa.Column("number", sa.String(50), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        primary_key("equipment"),
        sa.UniqueConstraint("number", name=op.f("uq_equipment_number")),
    )
    op.create_table(
        "markers",
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        primary_key("markers", "name"),
    )
    op.create_table(
        "alarm_preferences",
        to("employee_id"),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("escalate_after", sa.Integer()),
        sa.Column("escalate_to", sa.String(30)),
        reference("alarm_preferences", "employee_id", "employees"),
        primary_key("alarm_preferences", "employee_id"),
    )


def _appointments() -> None:
    op.create_table(
        "appointments",
        id_column(),
        sa.Column("uid", sa.String(200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(100)),
        to("creator_id"),
        to("responsible_id"),
        sa.Column("contact_id", ID),
        long_text("matchcode"),
        long_text("text"),
        long_text("place"),
        sa.Column("priority", sa.String(10), nullable=False),
        *_period(),
        sa.Column("rule", sa.Text()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("cancelled_at", INSTANT),
        sa.Column("deleted_at", INSTANT),
        reference("appointments", "creator_id", "employees"),
        reference("appointments", "responsible_id", "employees"),
        reference("appointments", "contact_id", "contacts"),
        primary_key("appointments"),
        sa.UniqueConstraint("uid", name=op.f("uq_appointments_uid")),
        sa.UniqueConstraint("key", name=op.f("uq_appointments_key")),
    )
    index("appointments", "responsible_id")
    index("appointments", "contact_id")
    _related("appointment_participants", "employee_id", "employees")
    _related("appointment_equipment", "equipment_id", "equipment")
    _related("appointment_cases", "case_id", "cases")


def _related(table: str, column: str, target: str) -> None:
    op.create_table(
        table,
        to("appointment_id"),
        to(column),
        reference(table, "appointment_id", "appointments"),
        reference(table, column, target),
        primary_key(table, "appointment_id", column),
    )
    index(table, column)


def _occurrences() -> None:
    op.create_table(
        "occurrences",
        id_column(),
        to("appointment_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("recurrence", sa.DateTime(), nullable=False),
        *_period(),
        sa.Column("begins_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("span", sa.Integer(), nullable=False),
        sa.Column("alarm_lead", sa.Integer()),
        sa.Column("alarm_at", sa.DateTime()),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        reference("occurrences", "appointment_id", "appointments"),
        primary_key("occurrences"),
        unique("occurrences", "appointment_id", "position"),
    )
    index("occurrences", "begins_at")
    index("occurrences", "ends_at")
    op.create_index("ix_occurrences_span_begins_at", "occurrences", ["span", "begins_at"])


def _guests() -> None:
    op.create_table(
        "appointment_guests",
        id_column(),
        to("appointment_id"),
        sa.Column("key", sa.String(500), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        long_text("name"),
        sa.Column("uninvited_at", INSTANT),
        sa.Column("told", sa.Text()),
        sa.Column("letter_due", sa.Boolean(), nullable=False),
        reference("appointment_guests", "appointment_id", "appointments"),
        primary_key("appointment_guests"),
        unique("appointment_guests", "appointment_id", "key"),
    )
    op.create_index(
        "ix_appointment_guests_letter_due",
        "appointment_guests",
        ["appointment_id"],
        sqlite_where=sa.text("letter_due = 1"),
        postgresql_where=sa.text("letter_due"),
    )
    op.create_table(
        "guest_answers",
        to("guest_id"),
        sa.Column("recurrence", sa.String(30), nullable=False),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.Column("contact_id", ID),
        reference("guest_answers", "guest_id", "appointment_guests"),
        reference("guest_answers", "contact_id", "contacts"),
        primary_key("guest_answers", "guest_id", "recurrence"),
    )


def _dispatches() -> None:
    add("dispatches", sa.Column("appointment_id", ID), sa.Column("calendar", sa.Text()))
    with op.batch_alter_table("dispatches") as dispatches:
        refer(dispatches, "dispatches", "appointment_id", "appointments")
    index("dispatches", "appointment_id")


def _alarms() -> None:
    op.create_table(
        "alarms",
        id_column(),
        to("occurrence_id"),
        to("employee_id"),
        sa.Column("channel", sa.String(30), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("next_at", INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("rung_at", INSTANT),
        sa.Column("acknowledged_at", INSTANT),
        sa.Column("snoozed_until", INSTANT),
        sa.Column("dispatch_id", ID),
        reference("alarms", "occurrence_id", "occurrences"),
        reference("alarms", "employee_id", "employees"),
        reference("alarms", "dispatch_id", "dispatches"),
        primary_key("alarms"),
        unique("alarms", "occurrence_id", "employee_id", "channel", "due_at"),
    )
    index("alarms", "employee_id")
    op.create_index("ix_alarms_status_rung_at", "alarms", ["status", "rung_at"])
    waiting = sa.text("next_at IS NOT NULL")
    op.create_index(
        "ix_alarms_next_at", "alarms", ["next_at"], sqlite_where=waiting, postgresql_where=waiting
    )


def _period() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("begins", sa.DateTime(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(50), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
    )
