"""Publications: what customers see of a contact, would see of it, and once saw."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from deployments.printing.tables import local, table, visible
from domain.publishing import Entry, Preview, ReleasedFile, ServiceHistory
from domain.publishing_texts import HISTORY_WORDS, caution_sentence, withdrawn_by_itself
from domain.wording import refusal_sentences
from tasks.mail.html import as_text
from tasks.settings import settings
from tasks.store.service_history import Publication


def preview_panel(contact_id: int, preview: Preview) -> RenderableType:
    """Show what customers would see, and what stands against it."""
    language = settings().language
    released = {each.position for each in preview.entry.files}
    parts: list[RenderableType] = [_entry(preview.entry)]
    parts += [Text(visible(_file(each, each.position in released))) for each in preview.files]
    against = refusal_sentences(preview.refusals, language)
    parts += [Text(visible(each), style="red") for each in against]
    warned = [caution_sentence(each, language) for each in preview.cautions]
    parts += [Text(visible(each), style="yellow") for each in warned]
    state = "published now" if preview.published else "not published"
    return Panel(Group(*parts), title=Text(f"Contact {contact_id}"), subtitle=Text(state))


def history_panel(history: ServiceHistory) -> RenderableType:
    """Show a service call's communication, the oldest first."""
    words = HISTORY_WORDS[settings().language]
    parts: list[RenderableType] = []
    for entry in history.entries:
        parts += [_entry(entry), *(Text(visible(_file(each, True))) for each in entry.files)]
    title = Text(visible(f"{words.title} {history.case_number}"))
    return Panel(Group(*parts) if parts else Text(words.nothing), title=title)


def publications_table(publications: Sequence[Publication]) -> RenderableType:
    """Show all publications of a contact, the latest first."""
    rows = [
        (
            local(each.published_at),
            each.publisher,
            local(each.withdrawn_at),
            _withdrawer(each),
            each.case_number,
            each.entry.matchcode or HISTORY_WORDS[settings().language].no_subject,
            ", ".join(file.name for file in each.entry.files),
        )
        for each in publications
    ]
    columns = ("published", "by", "withdrawn", "by", "service call", "matchcode", "files")
    return table("Publications", columns, rows)


def _withdrawer(publication: Publication) -> str:
    if publication.because:
        return withdrawn_by_itself(publication.because, settings().language)
    return publication.withdrawer or ""


def _entry(entry: Entry) -> Text:
    words = HISTORY_WORDS[settings().language]
    side = words.from_customer if entry.incoming else words.from_us
    said = as_text(entry.html) if entry.html else entry.text
    about = f"{entry.sender}, {side}, {local(entry.dated_at)}"
    return Text(visible(f"{entry.matchcode or words.no_subject}\n{about}\n\n{said}\n"))


def _file(file: ReleasedFile, released: bool) -> str:
    stays = "" if released else ", not released"
    return f"file {file.position}: {file.name} ({file.content_type}, {file.size:,} bytes{stays})"
