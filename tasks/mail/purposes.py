"""What a part is for: to be shown, to be listed as a file, or both.

Contradictory headers are all heeded: what one reading calls an attachment is listed as one.
"""

from tasks.mail.header_text import header_text
from tasks.mail.part import Part

_PLAIN_OR_HTML = {"text/plain", "text/html"}
_FILES_OF_TEXT = {
    "text/calendar",
    "text/css",
    "text/csv",
    "text/directory",
    "text/javascript",
    "text/rtf",
    "text/vcard",
    "text/x-vcard",
    "text/x-vcalendar",
    "text/xml",
}
_OTHER_RENDERINGS = {"text/x-amp-html", "text/watch-html"}
_READABLE_REPORTS = {
    "message/delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
    "message/global-delivery-status",
    "text/rfc822-headers",
}
_NOT_SHOWN = _FILES_OF_TEXT | _OTHER_RENDERINGS | _READABLE_REPORTS
_MESSAGES = {"message/rfc822", "message/global"}


def written_name(part: Part, legacy: str) -> str:
    """Give the file name that a part was sent with, or nothing."""
    attached_first = sorted(part.dispositions, key=lambda field: field.value != "attachment")
    named = [(field, "filename") for field in attached_first]
    named += [(field, "name") for field in part.readings]
    named += [(field, "name") for field in part.dispositions]
    named += [(field, "filename") for field in part.readings]
    texts = (field.text(parameter, legacy) for field, parameter in named)
    return next((text for text in texts if text.strip()), "")


def content_id(part: Part) -> str | None:
    """Give the id by which HTML refers to a part."""
    return header_text(part.headers.first("content-id")[:1_000]).strip("<> ") or None


def is_message(part: Part) -> bool:
    """Tell whether a part is a whole message that was attached."""
    return part.content_type in _MESSAGES


def is_report(part: Part) -> bool:
    """Tell whether a part is the readable part of a report."""
    return part.content_type in _READABLE_REPORTS


def is_shown(part: Part) -> bool:
    """Tell whether a part belongs to the visible text."""
    if part.content_type.startswith("multipart/"):
        return True  # nothing could be taken out of it
    if any(field.value == "attachment" for field in part.dispositions[:1]):
        return False
    return part.content_type.startswith("text/") and part.content_type not in _NOT_SHOWN


def is_listed(part: Part, legacy: str) -> bool:
    """Tell whether any reading of a part's headers makes it an attachment."""
    if any(field.value == "attachment" for field in part.dispositions):
        return True
    if written_name(part, legacy):
        return True
    if part.content_type in _OTHER_RENDERINGS:
        return part.container != "multipart/alternative"
    types = {field.value for field in part.readings if "/" in field.value}
    return not is_shown(part) or not types <= {*_PLAIN_OR_HTML, part.content_type}


def is_inline(part: Part, referred: frozenset[str]) -> bool:
    """Tell whether a part is shown within the text, by an image's `cid:` or by its own word."""
    identifier = content_id(part)
    if identifier and identifier in referred:
        return True
    values = [field.value for field in part.dispositions]
    if values:
        return all(value == "inline" for value in values)
    return identifier is not None and part.container == "multipart/related"
