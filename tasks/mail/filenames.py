"""File names that can do no harm where they are stored, shown or opened."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

MAX_NAME = 150  # characters
MAX_EXTENSION = 20

_SEPARATORS = re.compile(r"[/\\∕⁄／＼⧵∖⧸]+")
_FORBIDDEN = re.compile(r'[<>:"|?*\ufffd]+')
_LOOK_ALIKES = str.maketrans({"．": ".", "․": ".", "。": ".", "﹒": ".", "：": "_", "꞉": "_"})
_BLANKS = re.compile(r"[\s\u115f\u1160\u2800\u3164]+")
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|\Z)", re.IGNORECASE
)
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_EXTENSIONS = {
    "application/ics": ".ics",
    "application/json": ".json",
    "application/msword": ".doc",
    "application/ms-tnef": ".dat",
    "application/pdf": ".pdf",
    "application/pgp-encrypted": ".asc",
    "application/pgp-keys": ".asc",
    "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/rtf": ".rtf",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/x-pkcs7-mime": ".p7m",
    "application/x-pkcs7-signature": ".p7s",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "audio/mpeg": ".mp3",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt",
    "message/global": ".eml",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "text/xml": ".xml",
    "video/mp4": ".mp4",
}


def harmless(name: str) -> str:
    """Make a file name of what a message calls a file; empty where nothing is left."""
    components = [part for part in _SEPARATORS.split(name) if part.strip(" .\0")]
    if not components:
        return ""
    normal = unicodedata.normalize("NFC", components[-1][-4 * MAX_NAME :].translate(_LOOK_ALIKES))
    seen = "".join(char for char in normal if unicodedata.category(char) not in _UNSEEN)
    plain = _FORBIDDEN.sub("_", _BLANKS.sub(" ", seen)).strip(" .")
    return _shortened(f"_{plain}" if _RESERVED.match(plain) else plain)


def harmless_title(title: str, extension: str) -> str:
    """Make a file name of a title, whose slashes are part of it."""
    name = harmless(_SEPARATORS.sub("_", title)[: MAX_NAME - len(extension)] + extension)
    return name if name != extension.strip(".") else ""


def numbered(number: int, content_type: str) -> str:
    """Name a file that has no name by its number and its content type."""
    return f"attachment-{number}{_EXTENSIONS.get(content_type, '.bin')}"


def told_apart(names: Iterable[str]) -> list[str]:
    """Number the names that a file system, blind to letters' case, would take for one."""
    taken: set[str] = set()
    counts: Counter[str] = Counter()
    apart = []
    for name in names:
        candidate = name
        while candidate.casefold() in taken:
            counts[name.casefold()] += 1
            candidate = _with_number(name, counts[name.casefold()] + 1)
        taken.add(candidate.casefold())
        apart.append(candidate)
    return apart


def _with_number(name: str, number: int) -> str:
    stem, extension = _split(name)
    suffix = f" ({number}){extension}"
    return stem[: MAX_NAME - len(suffix)] + suffix


def _shortened(name: str) -> str:
    stem, extension = _split(name)
    return stem[: MAX_NAME - len(extension)].rstrip(" .") + extension


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if stem and len(extension) < MAX_EXTENSION:
        return stem, dot + extension
    return name, ""
