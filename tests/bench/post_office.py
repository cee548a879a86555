"""django-post-office as one more way to queue and send; a process of its own, as Django wants.

python -m bench.post_office PORT COUNT FOLDER prints the seconds that it took.
"""

import sys
import time
from pathlib import Path

from bench.outgoing import SENDER, outgoing


def main(port: int, count: int, folder: Path) -> float:
    """Queue and send so many messages."""
    _prepare(port, folder)
    from post_office import mail
    from post_office.models import STATUS, Email

    letters = list(outgoing(count))
    begin = time.perf_counter()
    for letter in letters:
        mail.send(letter.to, SENDER, subject=letter.subject, message=letter.text)
    while Email.objects.exclude(status=STATUS.sent).exists():
        mail.send_queued(processes=1, log_level=1)
    return time.perf_counter() - begin


def _prepare(port: int, folder: Path) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "django.db"}
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DATABASES={"default": {**database, "OPTIONS": {"timeout": 30}}},
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        POST_OFFICE={"BATCH_SIZE": 1_000},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    seconds = main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
    sys.stdout.write(f"{seconds}\n")
