"""A service call's history in the Prefect UI: what its customer sees, and nothing else."""

import re
from hashlib import sha256

from domain.publishing import ServiceHistory
from tasks.boards import show_text
from tasks.histories.markdown import markdown
from tasks.settings import settings
from tasks.store.database import store

_NO_KEY = re.compile(r"[^a-z0-9]+")


async def show_service_history(history: ServiceHistory) -> str:
    """Show a history, in the place of the one of the same case before; gives the artifact's key."""
    here = settings()
    key = history_key(history.case_number)
    text = markdown(history, store().now(), here.zone, here.language)
    await show_text(key, text, "What the customer sees of the service call.")
    return key


def history_key(case_number: str) -> str:
    """Give the key of a case's history, which no other one has: keys take few characters."""
    plain = _NO_KEY.sub("-", case_number.lower()).strip("-")
    key = f"service-history-{plain}"
    if plain.upper() == case_number:
        return key
    return f"{key}-{sha256(case_number.encode()).hexdigest()[:8]}"
