"""Receiving: the directory, mailboxes, contacts, threads, receipts and quarantine."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the structure that this version needs."""
    op.create_table(
        "addresses",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=50), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint("number", name=op.f("uq_addresses_number")),
    )
    op.create_table(
        "employees",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=50), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employees")),
        sa.UniqueConstraint("number", name=op.f("uq_employees_number")),
    )
    op.create_table(
        "mail_accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_mail_accounts_name")),
    )
    op.create_table(
        "raw_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_messages")),
        sa.UniqueConstraint("sha256", name=op.f("uq_raw_messages_sha256")),
    )
    op.create_table(
        "teams",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
    )
    op.create_table(
        "thread_nodes",
        sa.Column("message_id", sa.String(length=1000), nullable=False),
        sa.Column("thread", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_thread_nodes")),
    )
    op.create_index(op.f("ix_thread_nodes_thread"), "thread_nodes", ["thread"], unique=False)
    op.create_table(
        "mail_account_employees",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("employee_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["mail_accounts.id"], name=op.f("fk_mail_account_employees_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_mail_account_employees_employee_id")
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "employee_id", name=op.f("pk_mail_account_employees")
        ),
    )
    op.create_index(
        op.f("ix_mail_account_employees_employee_id"),
        "mail_account_employees",
        ["employee_id"],
        unique=False,
    )
    op.create_table(
        "mail_account_teams",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["mail_accounts.id"], name=op.f("fk_mail_account_teams_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_mail_account_teams_team_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "team_id", name=op.f("pk_mail_account_teams")),
    )
    op.create_index(
        op.f("ix_mail_account_teams_team_id"), "mail_account_teams", ["team_id"], unique=False
    )
    op.create_table(
        "mailboxes",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("folder", sa.String(length=500), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["mail_accounts.id"], name=op.f("fk_mailboxes_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailboxes")),
        sa.UniqueConstraint("account_id", "folder", name=op.f("uq_mailboxes_account_id_folder")),
    )
    op.create_table(
        "persons",
        sa.Column("id", ID, nullable=False),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_persons_address_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("address_id", "name", name=op.f("uq_persons_address_id_name")),
    )
    op.create_index(op.f("ix_persons_address_id"), "persons", ["address_id"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("id", ID, nullable=False),
        sa.Column("raw_id", ID, nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["raw_id"], ["raw_messages.id"], name=op.f("fk_quarantine_raw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("raw_id", name=op.f("uq_quarantine_raw_id")),
    )
    op.create_index(op.f("ix_quarantine_next_try_at"), "quarantine", ["next_try_at"], unique=False)
    op.create_table(
        "raw_pieces",
        sa.Column("raw_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["raw_id"], ["raw_messages.id"], name=op.f("fk_raw_pieces_raw_id")),
        sa.PrimaryKeyConstraint("raw_id", "position", name=op.f("pk_raw_pieces")),
    )
    op.create_table(
        "team_members",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("employee_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_team_members_employee_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id")),
        sa.PrimaryKeyConstraint("team_id", "employee_id", name=op.f("pk_team_members")),
    )
    op.create_index(
        op.f("ix_team_members_employee_id"), "team_members", ["employee_id"], unique=False
    )
    op.create_table(
        "cases",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=50), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("address_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("owner_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name=op.f("fk_cases_address_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["employees.id"], name=op.f("fk_cases_owner_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_cases_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(op.f("ix_cases_address_id"), "cases", ["address_id"], unique=False)
    op.create_index(op.f("ix_cases_owner_id"), "cases", ["owner_id"], unique=False)
    op.create_index(op.f("ix_cases_person_id"), "cases", ["person_id"], unique=False)
    op.create_table(
        "mail_addresses",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("employee_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("address_id", ID, nullable=True),
        sa.CheckConstraint(
            " + ".join(
                f"(CASE WHEN {owner} IS NULL THEN 0 ELSE 1 END)"
                for owner in ("employee_id", "person_id", "address_id")
            )
            + " = 1",
            name=op.f("ck_mail_addresses_one_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_mail_addresses_address_id")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_mail_addresses_employee_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_mail_addresses_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_addresses")),
    )
    op.create_index(op.f("ix_mail_addresses_key"), "mail_addresses", ["key"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", ID, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("raw_id", ID, nullable=False),
        sa.Column("activity_type", sa.String(length=50), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("message_id", sa.String(length=1000), nullable=False),
        sa.Column("matchcode", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("new_text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("automatic", sa.String(length=20), nullable=False),
        sa.Column("defects", sa.JSON(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("main_case_id", ID, nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["main_case_id"], ["cases.id"], name=op.f("fk_contacts_main_case_id")
        ),
        sa.ForeignKeyConstraint(["raw_id"], ["raw_messages.id"], name=op.f("fk_contacts_raw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_contacts_fingerprint")),
    )
    op.create_index(
        "ix_contacts_main_case_id_received_at",
        "contacts",
        ["main_case_id", "received_at"],
        unique=False,
    )
    op.create_index(op.f("ix_contacts_message_id"), "contacts", ["message_id"], unique=False)
    op.create_index("ix_contacts_received_at", "contacts", ["received_at"], unique=False)
    op.create_index(
        "ix_contacts_verdict_received_at", "contacts", ["verdict", "received_at"], unique=False
    )
    op.create_table(
        "thread_cases",
        sa.Column("thread", sa.String(length=64), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_thread_cases_case_id")),
        sa.PrimaryKeyConstraint("thread", "case_id", name=op.f("pk_thread_cases")),
    )
    op.create_table(
        "attachments",
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=True),
        sa.Column("inline", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_attachments_contact_id")
        ),
        sa.PrimaryKeyConstraint("contact_id", "position", name=op.f("pk_attachments")),
    )
    op.create_table(
        "case_candidates",
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_candidates_case_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_case_candidates_contact_id")
        ),
        sa.PrimaryKeyConstraint("contact_id", "case_id", name=op.f("pk_case_candidates")),
    )
    op.create_table(
        "contact_cases",
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_contact_cases_case_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_cases_contact_id")
        ),
        sa.PrimaryKeyConstraint("contact_id", "case_id", name=op.f("pk_contact_cases")),
    )
    op.create_index(op.f("ix_contact_cases_case_id"), "contact_cases", ["case_id"], unique=False)
    op.create_table(
        "correspondents",
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("employee_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("address_id", ID, nullable=True),
        sa.Column("ambiguous", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_correspondents_address_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_correspondents_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_correspondents_employee_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_correspondents_person_id")
        ),
        sa.PrimaryKeyConstraint("contact_id", "position", name=op.f("pk_correspondents")),
    )
    op.create_table(
        "dispatches",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("message_id", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_dispatches_case_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_dispatches_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatches")),
        sa.UniqueConstraint("message_id", name=op.f("uq_dispatches_message_id")),
    )
    op.create_index(op.f("ix_dispatches_contact_id"), "dispatches", ["contact_id"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("id", ID, nullable=False),
        sa.Column("mailbox_id", ID, nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("quarantine_id", ID, nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_receipts_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailboxes.id"], name=op.f("fk_receipts_mailbox_id")
        ),
        sa.ForeignKeyConstraint(
            ["quarantine_id"], ["quarantine.id"], name=op.f("fk_receipts_quarantine_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint(
            "mailbox_id",
            "uidvalidity",
            "uid",
            "received_at",
            name=op.f("uq_receipts_mailbox_id_uidvalidity_uid_received_at"),
        ),
    )
    op.create_index(op.f("ix_receipts_contact_id"), "receipts", ["contact_id"], unique=False)
    op.create_index(
        "ix_receipts_mailbox_id_received_at",
        "receipts",
        ["mailbox_id", "received_at"],
        unique=False,
    )
    op.create_index(op.f("ix_receipts_quarantine_id"), "receipts", ["quarantine_id"], unique=False)
    op.create_index(
        "ix_receipts_unsettled",
        "receipts",
        ["mailbox_id"],
        unique=False,
        sqlite_where=sa.text("settled = 0"),
        postgresql_where=sa.text("NOT settled"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("dispatch_id", ID, nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatches.id"], name=op.f("fk_deliveries_dispatch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "dispatch_id", "address", name=op.f("uq_deliveries_dispatch_id_address")
        ),
    )
    op.create_index(op.f("ix_deliveries_dispatch_id"), "deliveries", ["dispatch_id"], unique=False)
    op.create_table(
        "bounced_recipients",
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("permanent", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("delivery_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_bounced_recipients_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_bounced_recipients_delivery_id")
        ),
        sa.PrimaryKeyConstraint("contact_id", "position", name=op.f("pk_bounced_recipients")),
    )
    op.create_index(
        op.f("ix_bounced_recipients_delivery_id"),
        "bounced_recipients",
        ["delivery_id"],
        unique=False,
    )
