"""Sending: contacts written here, the queues and the ledger of deliveries, inboxes."""

import sqlalchemy as sa
from alembic import op

from tasks.store.migrations.changes import ID, INSTANT, add, refer, reference, text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Change the structure to what this version needs."""
    _directory()
    _contacts()
    _queues()
    _dispatches()
    _deliveries()
    _inboxes()


def _directory() -> None:
    add("employees", text("mobile", sa.String(50)), text("signature"))
    for table in ("addresses", "persons"):
        add(table, text("mobile", sa.String(50)), text("fax", sa.String(50)))
    add("mail_addresses", text("address", sa.String(500)))
    op.execute("UPDATE mail_addresses SET address = key")
    op.create_table(
        "activity_types",
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_activity_types")),
    )
    types = sa.table("activity_types", sa.column("name"), sa.column("options", sa.JSON()))
    usual = {"e-mail": ["e-mail"], "sms": ["sms"], "fax": ["fax"], "phone note": []}
    op.bulk_insert(types, [{"name": name, "options": usual[name]} for name in usual])


def _contacts() -> None:
    with op.batch_alter_table("contacts") as contacts:
        contacts.alter_column("fingerprint", existing_type=sa.String(64), nullable=True)
        contacts.alter_column("raw_id", existing_type=ID, nullable=True)
        contacts.alter_column("message_id", existing_type=sa.String(1000), nullable=True)
        contacts.add_column(sa.Column("creator_id", ID))
        contacts.add_column(sa.Column("answers_id", ID))
        refer(contacts, "contacts", "creator_id", "employees")
        refer(contacts, "contacts", "answers_id", "contacts")
        contacts.create_index(op.f("ix_contacts_creator_id"), ["creator_id"])
        contacts.create_index(op.f("ix_contacts_answers_id"), ["answers_id"])
    op.create_table(
        "contact_readers",
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("employee_id", ID, nullable=False),
        reference("contact_readers", "contact_id", "contacts"),
        reference("contact_readers", "employee_id", "employees"),
        sa.PrimaryKeyConstraint("contact_id", "employee_id", name=op.f("pk_contact_readers")),
    )
    op.create_index(op.f("ix_contact_readers_employee_id"), "contact_readers", ["employee_id"])
    with op.batch_alter_table("attachments") as attachments:
        attachments.add_column(sa.Column("raw_id", ID))
        refer(attachments, "attachments", "raw_id", "raw_messages")


def _queues() -> None:
    op.create_table(
        "dispatch_queues",
        sa.Column("name", sa.String(150), nullable=False),
        sa.Column("channel", sa.String(30), nullable=False),
        sa.Column("service", sa.String(100), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("connections", sa.Integer(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("next_turn_at", INSTANT),
        sa.Column("paused_until", INSTANT),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", INSTANT),
        sa.Column("failure", sa.Text()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_dispatch_queues")),
    )


def _dispatches() -> None:
    """What stood here before was noted as sent, for bounces to speak of."""
    add(
        "dispatches",
        sa.Column("employee_id", ID),
        text("channel", sa.String(30), "e-mail"),
        sa.Column("queue", sa.String(150)),
        sa.Column("leaves_the_house", sa.Boolean(), nullable=False, server_default=sa.true()),
        text("status", sa.String(20), "sent"),
        text("priority", sa.String(10), "1_click"),
        text("sender_name"),
        text("sender_address"),
        sa.Column("reply_to", sa.Text()),
        text("matchcode"),
        text("text"),
        sa.Column("html", sa.Text()),
        sa.Column("in_reply_to", sa.String(1000)),
        sa.Column("references", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("queued_at", INSTANT, nullable=False, server_default="2026-01-01 00:00:00"),
        sa.Column("dated_at", INSTANT, nullable=False, server_default="2026-01-01 00:00:00"),
        sa.Column("first_tried_at", INSTANT),
        sa.Column("due_at", INSTANT),
        sa.Column("deadline", INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("holder", sa.String(32)),
        sa.Column("leased_until", INSTANT),
        sa.Column("sending_since", INSTANT),
        sa.Column("copy_due", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("request_key", sa.String(100)),
    )
    with op.batch_alter_table("dispatches") as dispatches:
        refer(dispatches, "dispatches", "employee_id", "employees")
        refer(dispatches, "dispatches", "queue", "dispatch_queues", "name")
        dispatches.create_unique_constraint(op.f("uq_dispatches_request_key"), ["request_key"])
        dispatches.create_index(op.f("ix_dispatches_employee_id"), ["employee_id"])
        dispatches.create_index("ix_dispatches_status_queued_at", ["status", "queued_at"])
        dispatches.create_index("ix_dispatches_queued_at", ["queued_at"])
    for name, columns, condition in (
        ("due", ["queue", "priority", "due_at"], "due_at IS NOT NULL"),
        ("deadline", ["deadline"], "due_at IS NOT NULL"),
        ("holder", ["holder"], "holder IS NOT NULL"),
        ("leased", ["queue", "leased_until"], "holder IS NOT NULL"),
        ("sending", ["sending_since"], "sending_since IS NOT NULL"),
        ("copy_due", ["queue", "id"], "copy_due"),
    ):
        where = sa.text(condition)
        op.create_index(
            f"ix_dispatches_{name}",
            "dispatches",
            columns,
            sqlite_where=where,
            postgresql_where=where,
        )


def _deliveries() -> None:
    add(
        "deliveries",
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        text("name"),
        text("kind", sa.String(10), "to"),
        sa.Column("employee_id", ID),
        sa.Column("changed_at", INSTANT),
        sa.Column("reference", sa.Text()),
        sa.Column("look_up_at", INSTANT),
        sa.Column("look_ups", sa.Integer(), nullable=False, server_default="0"),
    )
    with op.batch_alter_table("deliveries") as deliveries:
        refer(deliveries, "deliveries", "employee_id", "employees")
        deliveries.create_index(op.f("ix_deliveries_look_up_at"), ["look_up_at"])
    op.create_table(
        "attempts",
        sa.Column("id", ID, nullable=False),
        sa.Column("delivery_id", ID, nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        reference("attempts", "delivery_id", "deliveries"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_delivery_id"), "attempts", ["delivery_id"])


def _inboxes() -> None:
    op.create_table(
        "messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("employee_id", ID, nullable=False),
        sa.Column("sender_id", ID),
        sa.Column("contact_id", ID),
        sa.Column("matchcode", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text()),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT),
        reference("messages", "employee_id", "employees"),
        reference("messages", "sender_id", "employees"),
        reference("messages", "contact_id", "contacts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
    )
    op.create_index(op.f("ix_messages_employee_id"), "messages", ["employee_id"])
    op.create_table(
        "heartbeats",
        sa.Column("service", sa.String(50), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_heartbeats")),
    )
