"""django-mailbox as one more way to read a mailbox and store it; it is in the bench extra."""

import importlib.util
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from bench.installation import PASSWORD
from servers.dovecot import Dovecot

READER = "django@bench.example"  # a mailbox of its own, for it empties the one it reads


def is_installed() -> bool:
    """Say whether django-mailbox is there, and Django, which it does not ask for by itself."""
    return all(importlib.util.find_spec(name) for name in ("django", "django_mailbox"))


def seconds_to_store(server: Dovecot, messages: Iterable[bytes]) -> float:
    """Let it fetch a mailbox into SQLite; gives the seconds that it took."""
    server.add_user(READER, PASSWORD)
    server.deliver_many(READER, messages)
    with TemporaryDirectory(prefix="django-") as folder:
        _prepare(Path(folder))
        from django_mailbox.models import Mailbox

        login = f"{quote(READER)}:{quote(PASSWORD)}"
        mailbox = Mailbox.objects.create(uri=f"imap://{login}@{server.host}:{server.port}")
        begin = time.perf_counter()
        for _ in mailbox.get_new_mail():
            pass
        return time.perf_counter() - begin


def _prepare(folder: Path) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "django.db"}
    settings.configure(
        INSTALLED_APPS=["django_mailbox"],
        DATABASES={"default": database},
        MEDIA_ROOT=str(folder),
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    django.setup()
    call_command("migrate", verbosity=0)
