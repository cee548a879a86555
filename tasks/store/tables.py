"""The tables, alike on SQLite and PostgreSQL; docs/glossary.md explains the words."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from domain.search_words import folded, sort_key

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite, which knows no zones, gets it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NEVER = datetime(9999, 12, 31, tzinfo=UTC)
Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only plain integers


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True)


def _to(
    name: str,
    target: Table,
    nullable: bool = False,
    primary_key: bool = False,
    index: bool = False,
) -> Column[int]:
    """Refer to a row of another table."""
    refers = ForeignKey(target.c.id)
    return Column(name, Id, refers, nullable=nullable, primary_key=primary_key, index=index or None)


def _key(column: str) -> Column[str]:
    """Keep a matchcode as searches compare it; whoever updates one, updates its keys."""
    of_matchcode = _search_key_of if column == "search_key" else _sort_key_of
    return Column(column, Text, nullable=False, default=of_matchcode)


def _search_key_of(context: Any) -> str:
    """Fold the matchcode of a row that is being inserted."""
    return folded(context.get_current_parameters()["matchcode"])


def _sort_key_of(context: Any) -> str:
    """Give what a row that is being inserted is sorted by."""
    return sort_key(_search_key_of(context))


def due_key(due: datetime | None) -> datetime:
    """Give what todos are sorted by: when they are due, and those without a due the last."""
    return due or NEVER


def _due_key_of(context: Any) -> datetime:
    return due_key(context.get_current_parameters().get("due_at"))


def matchcode_values(matchcode: str) -> dict[str, str]:
    """Give what changes with a matchcode."""
    key = folded(matchcode)
    return {"matchcode": matchcode, "search_key": key, "sort_key": sort_key(key)}


def _changes_of(name: str, of: Table) -> Table:
    """Keep who changed what on records, and when; the last one's id is the record's version."""
    return Table(
        f"{name}_changes",
        metadata,
        _id(),
        _to(f"{name}_id", of, index=True),
        _to("employee_id", employees, nullable=True),  # none: Kontaktwerk itself
        Column("at", Instant, nullable=False),
        Column("field", String(50), nullable=False),
        Column("before", Text),
        Column("after", Text),
    )


# --- the directory: who there is, and what they deal with ---------------------------------

employees = Table(
    "employees",
    metadata,
    _id(),
    Column("number", String(50), nullable=False, unique=True),  # the personnel number
    Column("name", String(200), nullable=False),
    Column("permissions", JSON, nullable=False),
    Column("mobile", String(50), nullable=False),
    Column("signature", Text, nullable=False),
    Column("active", Boolean, nullable=False),  # until they leave
    Column("zone", String(50)),  # none: the installation's
)
teams = Table(
    "teams",
    metadata,
    _id(),
    Column("name", String(200), nullable=False, unique=True),
)
team_members = Table(
    "team_members",
    metadata,
    _to("team_id", teams, primary_key=True),
    _to("employee_id", employees, primary_key=True, index=True),
)
addresses = Table(
    "addresses",
    metadata,
    _id(),
    Column("number", String(50), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("mobile", String(50), nullable=False),
    Column("fax", String(50), nullable=False),
)
persons = Table(
    "persons",
    metadata,
    _id(),
    _to("address_id", addresses, index=True),
    Column("name", String(200), nullable=False),
    Column("mobile", String(50), nullable=False),
    Column("fax", String(50), nullable=False),
    UniqueConstraint("address_id", "name"),
)
mail_addresses = Table(  # one e-mail address may belong to several parties
    "mail_addresses",
    metadata,
    _id(),
    Column("key", String(500), nullable=False, index=True),  # folded, to be looked up by
    Column("address", String(500), nullable=False),  # as it is written
    _to("employee_id", employees, nullable=True),
    _to("person_id", persons, nullable=True),
    _to("address_id", addresses, nullable=True),
    CheckConstraint(
        " + ".join(
            f"(CASE WHEN {owner} IS NULL THEN 0 ELSE 1 END)"
            for owner in ("employee_id", "person_id", "address_id")
        )
        + " = 1",
        name="one_owner",
    ),
)
cases = Table(
    "cases",
    metadata,
    _id(),
    Column("number", String(50), nullable=False, unique=True),
    Column("kind", String(30), nullable=False),
    Column("title", String(500), nullable=False),
    Column("open", Boolean, nullable=False),
    _to("address_id", addresses, nullable=True, index=True),
    _to("person_id", persons, nullable=True, index=True),
    _to("owner_id", employees, nullable=True, index=True),
)
equipment = Table(
    "equipment",
    metadata,
    _id(),
    Column("number", String(50), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("active", Boolean, nullable=False),  # until it is gone
)

# --- where mail comes from ------------------------------------------------------------------

mail_accounts = Table(
    "mail_accounts",
    metadata,
    _id(),
    Column("name", String(100), nullable=False, unique=True),
    Column("address", String(500), nullable=False),
)
mail_account_employees = Table(
    "mail_account_employees",
    metadata,
    _to("account_id", mail_accounts, primary_key=True),
    _to("employee_id", employees, primary_key=True, index=True),
)
mail_account_teams = Table(
    "mail_account_teams",
    metadata,
    _to("account_id", mail_accounts, primary_key=True),
    _to("team_id", teams, primary_key=True, index=True),
)
mailboxes = Table(  # one folder of an account
    "mailboxes",
    metadata,
    _id(),
    _to("account_id", mail_accounts),
    Column("folder", String(500), nullable=False),
    Column("watched", Boolean, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False, default=0),
    Column("last_uid", BigInteger, nullable=False, default=0),  # the high-water mark
    Column("lease_token", Integer, nullable=False, default=0),  # fences off a late writer
    Column("leased_until", Instant),
    Column("checked_at", Instant),  # when the folder was last seen to be read
    Column("failing_since", Instant),
    Column("failure", Text),
    UniqueConstraint("account_id", "folder"),
)

# --- what came, as it came ------------------------------------------------------------------

raw_messages = Table(
    "raw_messages",
    metadata,
    _id(),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
)
raw_pieces = Table(  # large messages are cut, so that none must be held in one statement
    "raw_pieces",
    metadata,
    _to("raw_id", raw_messages, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

# --- contacts -------------------------------------------------------------------------------

activity_types = Table(
    "activity_types",
    metadata,
    Column("name", String(50), primary_key=True),
    Column("options", JSON, nullable=False),  # the channels that its contacts may be sent by
)
contacts = Table(
    "contacts",
    metadata,
    _id(),
    Column("fingerprint", String(64), unique=True),  # none: it was written here
    Column("raw_id", Id, ForeignKey(raw_messages.c.id)),
    Column("creator_id", Id, ForeignKey(employees.c.id), index=True),
    Column("answers_id", Id, ForeignKey("contacts.id"), index=True),
    Column("activity_type", String(50), nullable=False),
    Column("status", String(20), nullable=False),
    Column("message_id", String(1000), index=True),  # none: it was written here and not sent yet
    Column("matchcode", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("new_text", Text, nullable=False),
    Column("html", Text),
    Column("sent_at", Instant),
    Column("received_at", Instant, nullable=False),  # or written, where it was written here
    Column("automatic", String(20), nullable=False),
    Column("defects", JSON, nullable=False),
    Column("private", Boolean, nullable=False),
    _to("main_case_id", cases, nullable=True),
    Column("verdict", String(10), nullable=False),  # whether the case is decided
    _key("search_key"),
    _key("sort_key"),
    Index("ix_contacts_sort_key_id", "sort_key", "id"),
    Index("ix_contacts_main_case_id_received_at", "main_case_id", "received_at"),
    Index("ix_contacts_verdict_received_at", "verdict", "received_at"),
    Index("ix_contacts_received_at", "received_at"),
)
contact_readers = Table(  # who sees a private contact that was written here
    "contact_readers",
    metadata,
    _to("contact_id", contacts, primary_key=True),
    _to("employee_id", employees, primary_key=True, index=True),
)
correspondents = Table(  # the sender and the recipients, with who they are
    "correspondents",
    metadata,
    _to("contact_id", contacts, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("role", String(10), nullable=False),  # from, or the reception kind
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    _to("employee_id", employees, nullable=True, index=True),
    _to("person_id", persons, nullable=True),
    _to("address_id", addresses, nullable=True, index=True),
    Column("ambiguous", JSON, nullable=False),  # names of the parties it might be
)
attachments = Table(
    "attachments",
    metadata,
    _to("contact_id", contacts, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", String(300), nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("start", BigInteger, nullable=False),  # the encoded bytes' span in the raw message
    Column("end", BigInteger, nullable=False),
    Column("encoding", String(20), nullable=False),
    Column("content_id", Text),
    Column("inline", Boolean, nullable=False),
    Column("raw_id", Id, ForeignKey(raw_messages.c.id)),  # none: it lies in the contact's own
)
contact_cases = Table(
    "contact_cases",
    metadata,
    _to("contact_id", contacts, primary_key=True),
    _to("case_id", cases, primary_key=True, index=True),
)
contact_changes = _changes_of("contact", contacts)
publications = Table(  # each time that customers could see a contact, and what of it, for ever
    "publications",
    metadata,
    _id(),
    _to("contact_id", contacts, index=True),
    _to("case_id", cases, index=True),  # the service call
    _to("publisher_id", employees),
    Column("published_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    _to("withdrawer_id", employees, nullable=True),  # none: by itself, see the reason
    Column("withdrawn_because", String(30)),
    Column("dated_at", Instant, nullable=False),  # of the contact
    Column("incoming", Boolean, nullable=False),  # whether the customer's side wrote it
    Column("sender", Text, nullable=False),  # as customers see it
    Column("matchcode", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text),  # sanitised, without anything to be loaded
)
publication_files = Table(  # the attachments that were released
    "publication_files",
    metadata,
    _to("publication_id", publications, primary_key=True),
    Column("position", Integer, primary_key=True),  # of the contact's attachment
    Column("name", String(300), nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
)
Index(
    "uq_publications_contact_id",
    publications.c.contact_id,
    unique=True,
    sqlite_where=text("withdrawn_at IS NULL"),
    postgresql_where=text("withdrawn_at IS NULL"),
)
case_candidates = Table(  # the evidence, for the chosen case and for the others
    "case_candidates",
    metadata,
    _to("contact_id", contacts, primary_key=True),
    _to("case_id", cases, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("evidence", JSON, nullable=False),
)

# --- threads: message ids that refer to each other, seen or not -----------------------------

thread_nodes = Table(
    "thread_nodes",
    metadata,
    Column("message_id", String(1000), primary_key=True),
    Column("thread", String(64), nullable=False, index=True),
)
thread_cases = Table(
    "thread_cases",
    metadata,
    Column("thread", String(64), primary_key=True),
    _to("case_id", cases, primary_key=True),
)

# --- the ledger: what became of each message of each folder ---------------------------------

quarantine = Table(
    "quarantine",
    metadata,
    _id(),
    Column("raw_id", Id, ForeignKey(raw_messages.c.id), unique=True),  # none: never handed over
    Column("reason", String(30), nullable=False),
    Column("detail", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Instant, index=True),  # none once it has become a contact
)
receipts = Table(
    "receipts",
    metadata,
    _id(),
    _to("mailbox_id", mailboxes),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("outcome", String(20), nullable=False),
    _to("contact_id", contacts, nullable=True, index=True),
    _to("quarantine_id", quarantine, nullable=True, index=True),
    Column("received_at", Instant, nullable=False),
    Column("private", Boolean, nullable=False),  # whether the account was, on receiving it
    Column("settled", Boolean, nullable=False),  # whether \\Seen is set, or it is moved
    UniqueConstraint("mailbox_id", "uidvalidity", "uid", "received_at"),
    Index("ix_receipts_mailbox_id_received_at", "mailbox_id", "received_at"),
)
Index(
    "ix_receipts_unsettled",
    receipts.c.mailbox_id,
    sqlite_where=text("settled = 0"),
    postgresql_where=text("NOT settled"),
)

# --- appointments: each occurrence for itself, and whom to inform of it -----------------------

appointments = Table(
    "appointments",
    metadata,
    _id(),
    Column("uid", String(200), nullable=False, unique=True),  # for calendars elsewhere
    Column("sequence", Integer, nullable=False),  # counts what guests are told of (RFC 5545)
    Column("key", String(100), unique=True),  # of what books once, however often it runs
    _to("creator_id", employees),
    _to("responsible_id", employees, index=True),
    _to("contact_id", contacts, nullable=True, index=True),  # of a follow-up
    Column("matchcode", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("priority", String(10), nullable=False),
    Column("begins", DateTime, nullable=False),  # on the wall, of the first occurrence
    Column("ends", DateTime, nullable=False),
    Column("zone", String(50), nullable=False),
    Column("all_day", Boolean, nullable=False),
    Column("rule", Text),  # none: it does not recur
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("cancelled_at", Instant),
    Column("deleted_at", Instant),
    _key("search_key"),
    _key("sort_key"),
    Index("ix_appointments_begins_id", "begins", "id"),
    Index("ix_appointments_sort_key_id", "sort_key", "id"),
)
appointment_changes = _changes_of("appointment", appointments)
appointment_participants = Table(  # beside the responsible employee
    "appointment_participants",
    metadata,
    _to("appointment_id", appointments, primary_key=True),
    _to("employee_id", employees, primary_key=True, index=True),
)
appointment_equipment = Table(
    "appointment_equipment",
    metadata,
    _to("appointment_id", appointments, primary_key=True),
    _to("equipment_id", equipment, primary_key=True, index=True),
)
appointment_cases = Table(
    "appointment_cases",
    metadata,
    _to("appointment_id", appointments, primary_key=True),
    _to("case_id", cases, primary_key=True, index=True),
)
appointment_guests = Table(  # participants from outside
    "appointment_guests",
    metadata,
    _id(),
    _to("appointment_id", appointments),
    Column("key", String(500), nullable=False),  # the address, folded
    Column("address", String(500), nullable=False),
    Column("name", Text, nullable=False),
    Column("uninvited_at", Instant),
    Column("told", Text),  # what the last letter said, as JSON; none: nothing was said yet
    Column("letter_due", Boolean, nullable=False, default=False),  # no account could send it
    UniqueConstraint("appointment_id", "key"),
    Index(
        "ix_appointment_guests_letter_due",
        "appointment_id",
        sqlite_where=text("letter_due = 1"),
        postgresql_where=text("letter_due"),
    ),
)
guest_answers = Table(
    "guest_answers",
    metadata,
    _to("guest_id", appointment_guests, primary_key=True),
    Column("recurrence", String(30), primary_key=True),  # empty: for all occurrences
    Column("answer", String(20), nullable=False),  # PARTSTAT of RFC 5545, in small letters
    Column("sequence", Integer, nullable=False),
    Column("answered_at", Instant, nullable=False),  # DTSTAMP: the latest answer counts
    _to("contact_id", contacts, nullable=True),  # the mail that brought it
)
occurrences = Table(
    "occurrences",
    metadata,
    _id(),
    _to("appointment_id", appointments),
    Column("position", Integer, nullable=False),
    Column("recurrence", DateTime, nullable=False),  # the begin by the rule, on the wall
    Column("begins", DateTime, nullable=False),
    Column("ends", DateTime, nullable=False),
    Column("zone", String(50), nullable=False),
    Column("all_day", Boolean, nullable=False),
    Column("begins_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("span", Integer, nullable=False, default=0),  # how long at most: overlapping.LENGTHS
    Column("alarm_lead", Integer),  # seconds before the begin
    Column("alarm_at", DateTime),  # or a time of its own, on the wall
    Column("changed", Boolean, nullable=False),  # moved by itself, away from the rule
    Column("done", Boolean, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    UniqueConstraint("appointment_id", "position"),
    Index("ix_occurrences_begins_at", "begins_at"),
    Index("ix_occurrences_ends_at", "ends_at"),
    Index("ix_occurrences_span_begins_at", "span", "begins_at"),
)
alarm_preferences = Table(
    "alarm_preferences",
    metadata,
    _to("employee_id", employees, primary_key=True),
    Column("channels", JSON, nullable=False),  # beside the internal message
    Column("escalate_after", Integer),  # seconds
    Column("escalate_to", String(30)),
)
markers = Table(  # what was done up to where
    "markers",
    metadata,
    Column("name", String(50), primary_key=True),
    Column("value", Text, nullable=False),
)

# --- what is sent: the queues, and the ledger of each recipient's delivery ------------------

dispatch_queues = Table(  # one account or gateway
    "dispatch_queues",
    metadata,
    Column("name", String(150), primary_key=True),  # channel/service
    Column("channel", String(30), nullable=False),
    Column("service", String(100), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("settings", JSON, nullable=False),  # what requests are judged and written by
    Column("connections", Integer, nullable=False),
    Column("per_minute", Integer, nullable=False),
    Column("next_turn_at", Instant),  # until when the allowed rate is used up
    Column("paused_until", Instant),
    Column("failures", Integer, nullable=False),  # in a row
    Column("failing_since", Instant),
    Column("failure", Text),
)
dispatches = Table(
    "dispatches",
    metadata,
    _id(),
    _to("contact_id", contacts, nullable=True, index=True),
    _to("case_id", cases, nullable=True),
    _to("employee_id", employees, nullable=True, index=True),  # who sent it
    Column("message_id", String(1000), nullable=False, unique=True),
    Column("channel", String(30), nullable=False),
    Column("queue", String(150), ForeignKey(dispatch_queues.c.name)),
    Column("leaves_the_house", Boolean, nullable=False),
    Column("status", String(20), nullable=False),
    Column("priority", String(10), nullable=False),
    Column("sender_name", Text, nullable=False),
    Column("sender_address", Text, nullable=False),
    Column("reply_to", Text),
    Column("matchcode", Text, nullable=False),  # as it goes out, with prefix and token
    Column("text", Text, nullable=False),  # as it goes out, with the signature
    Column("html", Text),
    Column("in_reply_to", String(1000)),
    Column("references", JSON, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("dated_at", Instant, nullable=False),  # what its Date says, at every attempt
    Column("first_tried_at", Instant),
    Column("due_at", Instant),  # none: nothing is left to do
    Column("deadline", Instant),
    Column("attempts", Integer, nullable=False),
    Column("holder", String(32)),  # of the lease; fences off a late writer
    Column("leased_until", Instant),
    Column("sending_since", Instant),  # while its data may be on the way
    Column("copy_due", Boolean, nullable=False),  # a copy is still to be put into Sent
    Column("request_key", String(100), unique=True),  # of what asks once, however often it runs
    _to("appointment_id", appointments, nullable=True, index=True),  # that it tells of
    Column("calendar", Text),  # an iCalendar object that goes with it (RFC 5545)
    Index("ix_dispatches_status_queued_at", "status", "queued_at"),
    Index("ix_dispatches_queued_at", "queued_at"),
)


def _index_where(name: str, condition: str, *columns: Column[Any]) -> None:
    """Index the few rows that are looked for again and again, among very many."""
    where = text(condition)
    Index(name, *columns, sqlite_where=where, postgresql_where=where)


_open = dispatches.c
_index_where("ix_dispatches_due", "due_at IS NOT NULL", _open.queue, _open.priority, _open.due_at)
_index_where("ix_dispatches_deadline", "due_at IS NOT NULL", _open.deadline)
_index_where("ix_dispatches_holder", "holder IS NOT NULL", _open.holder)
_index_where("ix_dispatches_leased", "holder IS NOT NULL", _open.queue, _open.leased_until)
_index_where("ix_dispatches_sending", "sending_since IS NOT NULL", _open.sending_since)
_index_where("ix_dispatches_copy_due", "copy_due", _open.queue, _open.id)
deliveries = Table(  # one recipient of a dispatch
    "deliveries",
    metadata,
    _id(),
    _to("dispatch_id", dispatches, index=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("address", String(500), nullable=False),
    _to("employee_id", employees, nullable=True),
    Column("status", String(20), nullable=False),
    Column("changed_at", Instant),
    Column("bounced_at", Instant),
    Column("reason", Text),  # the service's last words
    Column("reference", Text),  # the service's own id, such as a queue id
    Column("look_up_at", Instant, index=True),  # when to ask what became of it
    Column("look_ups", Integer, nullable=False),
    UniqueConstraint("dispatch_id", "address"),
)
attempts = Table(
    "attempts",
    metadata,
    _id(),
    _to("delivery_id", deliveries, index=True),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("answer", Text, nullable=False),
    Column("reference", Text, nullable=False),
)
messages = Table(  # the employees' inboxes
    "messages",
    metadata,
    _id(),
    Column("key", String(100), nullable=False, unique=True),  # what it tells, told once
    _to("employee_id", employees, index=True),
    _to("sender_id", employees, nullable=True),  # none: Kontaktwerk itself
    _to("contact_id", contacts, nullable=True),
    Column("matchcode", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text),
    Column("sent_at", Instant, nullable=False),
    Column("read_at", Instant),
)
alarms = Table(  # one for each occurrence, person, channel and instant
    "alarms",
    metadata,
    _id(),
    _to("occurrence_id", occurrences),
    _to("employee_id", employees, index=True),
    Column("channel", String(30), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("origin", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("next_at", Instant),  # when to ring, or to try again; none: nothing is left to do
    Column("attempts", Integer, nullable=False),
    Column("reason", Text),  # why it has not rung yet
    Column("rung_at", Instant),
    Column("acknowledged_at", Instant),
    Column("snoozed_until", Instant),
    _to("dispatch_id", dispatches, nullable=True),  # by which it goes out
    UniqueConstraint("occurrence_id", "employee_id", "channel", "due_at"),
    Index("ix_alarms_status_rung_at", "status", "rung_at"),
)
_index_where("ix_alarms_next_at", "next_at IS NOT NULL", alarms.c.next_at)
heartbeats = Table(
    "heartbeats",
    metadata,
    Column("service", String(50), primary_key=True),
    Column("at", Instant, nullable=False),
)
bounced_recipients = Table(
    "bounced_recipients",
    metadata,
    _to("contact_id", contacts, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("address", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("permanent", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    _to("delivery_id", deliveries, nullable=True, index=True),
)

# --- todos, and the workflows that create them ------------------------------------------------

workflow_versions = Table(  # a definition, never changed: runs keep theirs (W5)
    "workflow_versions",
    metadata,
    _id(),
    Column("name", String(100), nullable=False),
    Column("version", Integer, nullable=False),
    Column("definition", JSON, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("retired_at", Instant),  # no case starts with it any more
    UniqueConstraint("name", "version"),
)
workflow_runs = Table(  # a case's course through a workflow
    "workflow_runs",
    metadata,
    _id(),
    _to("version_id", workflow_versions, index=True),
    _to("case_id", cases, index=True),
    Column("status", String(20), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
step_visits = Table(  # one entering of a step
    "step_visits",
    metadata,
    _id(),
    _to("run_id", workflow_runs),
    Column("step", String(100), nullable=False),
    Column("number", Integer, nullable=False),  # of the visits of this step in this run
    Column("key", String(200), unique=True),  # of the event that entered it
    Column("contact_id", Id, ForeignKey(contacts.c.id)),  # that entered it
    Column("status", String(20), nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("left_at", Instant),
    Column("outcome", String(100)),
    Column("reason", Text),  # why it stands still
    Column("attempts", Integer, nullable=False),
    Column("look_at", Instant),  # when to plan or to look on; none: nothing is to be done
    UniqueConstraint("run_id", "step", "number"),
)
_index_where("ix_step_visits_look_at", "look_at IS NOT NULL", step_visits.c.look_at)
todos = Table(
    "todos",
    metadata,
    _id(),
    Column("key", String(200), unique=True),  # of what is written once, however often it runs
    _to("visit_id", step_visits, nullable=True, index=True),  # that prescribed it
    Column("template", String(100)),
    Column("parent_id", Id, ForeignKey("todos.id"), index=True),  # that it is a part of (T3)
    _to("creator_id", employees, nullable=True),  # none: a workflow
    Column("activity_type", String(50), nullable=False),
    Column("priority", String(10), nullable=False),
    Column("rank", Integer, nullable=False),  # of the priority, to sort by
    Column("matchcode", Text, nullable=False),
    Column("text", Text, nullable=False),
    _to("employee_id", employees, nullable=True, index=True),  # whom it is delegated to
    _to("team_id", teams, nullable=True, index=True),
    _to("taken_by_id", employees, nullable=True, index=True),  # a member of the team
    Column("begin_at", Instant),
    Column("due_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("done_at", Instant),
    _to("done_by_id", employees, nullable=True),
    Column("outcome", String(100)),  # of a workflow's todo: what decides which step follows
    Column("remind_at", Instant),  # when its people are reminded next
    Column("reminders", Integer, nullable=False),
    _key("search_key"),
    _key("sort_key"),
    Column("due_key", Instant, nullable=False, default=_due_key_of),  # without a due: the last
    UniqueConstraint("visit_id", "template"),
    Index("ix_todos_due_key_id", "due_key", "id"),
    Index("ix_todos_created_at_id", "created_at", "id"),
    Index("ix_todos_rank_due_key_id", "rank", "due_key", "id"),
    Index("ix_todos_sort_key_id", "sort_key", "id"),
)
_index_where("ix_todos_remind_at", "remind_at IS NOT NULL", todos.c.remind_at)


def _index_where_open(whose: str, owner: Column[Any]) -> None:
    """Index the open todos of owners; statistics of those without one would mislead planners."""
    condition = f"done_at IS NULL AND {owner.name} IS NOT NULL"
    _index_where(f"ix_todos_open_{whose}", condition, owner, todos.c.due_at)


_index_where_open("employee", todos.c.employee_id)
_index_where_open("team", todos.c.team_id)
_index_where_open("taken", todos.c.taken_by_id)
todo_cases = Table(
    "todo_cases",
    metadata,
    _to("todo_id", todos, primary_key=True),
    _to("case_id", cases, primary_key=True, index=True),
)
todo_comments = Table(
    "todo_comments",
    metadata,
    _id(),
    _to("todo_id", todos, index=True),
    _to("employee_id", employees, nullable=True),  # none: a workflow
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
)
todo_changes = _changes_of("todo", todos)
contact_offers = Table(  # received contacts that workflows have not looked at yet
    "contact_offers",
    metadata,
    _to("contact_id", contacts, primary_key=True),
)
turns = Table(  # whose turn it is, where a team's members are chosen in turn
    "turns",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("number", Integer, nullable=False),
)
incoming_events = Table(  # each event that asked to enter a step, once
    "incoming_events",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("occurred_at", Instant, nullable=False),
    Column("handled_at", Instant, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text),  # why it was refused
    _to("visit_id", step_visits, nullable=True),
    Index("ix_incoming_events_outcome_handled_at", "outcome", "handled_at"),
)
outgoing_events = Table(  # what happened, until it is told to others
    "outgoing_events",
    metadata,
    _id(),
    Column("name", String(100), nullable=False),
    Column("resource", String(200), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("relayed_at", Instant),
)
_index_where("ix_outgoing_events_waiting", "relayed_at IS NULL", outgoing_events.c.id)
