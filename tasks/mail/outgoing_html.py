"""An author's HTML as it may go out: harmless, and with its images in the mail itself."""

import re
from binascii import Error, a2b_base64
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from urllib.parse import unquote

from domain.outgoing import File
from domain.outgoing_fields import is_writable_id
from tasks.mail.html import sanitised

_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_EMBEDDED = re.compile(
    r"""(\ssrc\s*=\s*)(["']?)data:image/(png|jpe?g|gif|webp|bmp);base64,([\w+/=\s]+)\2(?=[\s/>])""",
    re.ASCII | re.IGNORECASE,
)
_CLEANED_IMAGE = re.compile(r'<img\b(?:[^">]|"[^"]*")*+>')
_REMOTE = re.compile(r'\sdata-remote-src="[^"]*"')
_SHOWN = re.compile(r'\ssrc="cid:([^"]+)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """HTML that may go out, and the files that it shows."""

    html: str
    files: tuple[File, ...]


def page(html: str, files: Sequence[File]) -> Page:
    """Clean an author's HTML and choose the files that it shows.

    Images written as data: become files, because many mailers show no others. Remote images lose
    their address: who opens the mail must not be seen to do so.
    """
    embedded: dict[str, File] = {}
    if "data:" in html:  # first, for they make the text larger than what can be cleaned
        html = _IMAGE.sub(lambda image: _with_id(image[0], embedded), html)
    cleaned = sanitised(html)
    if "data-remote-src" in cleaned:
        cleaned = _CLEANED_IMAGE.sub(lambda image: _REMOTE.sub("", image[0]), cleaned)
    referred = _referred(cleaned) if "cid:" in cleaned.lower() else frozenset()
    candidates = (*(file for file in files if file.inline), *embedded.values())
    return Page(cleaned, tuple(file for file in candidates if _is_shown(file, referred)))


def _with_id(image: str, embedded: dict[str, File]) -> str:
    """Take an image out of the HTML, and refer to it by an id that its bytes give."""
    found = _EMBEDDED.search(image)
    if not found:
        return image
    try:
        content = a2b_base64(found[4])
    except Error:
        return image
    digest, kind = sha256(content).hexdigest()[:32], found[3].lower().replace("jpg", "jpeg")
    identifier = f"{digest}@embedded"
    name = f"image-{len(embedded) + 1}.{kind}"
    embedded.setdefault(identifier, File(name, f"image/{kind}", content, identifier, inline=True))
    return f'{image[: found.start()]} src="cid:{identifier}"{image[found.end() :]}'


def _referred(html: str) -> frozenset[str]:
    written = [unescape(identifier) for identifier in _SHOWN.findall(html)]
    return frozenset([*written, *map(unquote, written)])  # RFC 2392, 2


def _is_shown(file: File, referred: frozenset[str]) -> bool:
    identifier = file.content_id or ""
    return identifier in referred and is_writable_id(identifier)
