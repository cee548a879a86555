"""How mailers mark what a mail quotes, forwards and signs.

Every question looks at a handful of lines of bounded length, so that asking it at each line of a
text stays linear.
"""

import re
from collections.abc import Sequence
from enum import Enum

ATTRIBUTION_LINES = 4
ATTRIBUTION_CHARACTERS = 400
HEADING_CHARACTERS = 120
HEADER_BLOCK_LINES = 14
BARE_SIGNATURE_LINES = 12

UNMARKED = re.compile(r"(?!\s*[-_=*–—#])[^>:\d]*+$")  # can begin nothing, and most lines are so
QUOTED = re.compile(r"[ \t]{0,3}>")

_OPENER = re.compile(
    r"(?:am|on|le|el|il|op|em|den|dne|dnia|w\s+dniu|στις)\s|(?:mo|di|mi|do|fr|sa|so)\w*\.?,\s",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:schrieb(?:en)?|wrote|writes|schreef|skrev|geschrieben|a\s+écrit|escribi[óo]|ha\s+scritto"
    r"|escreveu|pisze|napisał(?:\(a\)|a)?|napsal(?:\(a\)|a)?|kirjoitti|írta|написал\w*)(?:\W|$)"
    r"|^(?:zitat von|quoting|citando|citat från)\s",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b\d{1,2}\s?[:.h]\s?\d{2}\b")
_IN_A_DATE = re.compile(r"\s*(?:\d|(?:um|at|à|a las|alle|om|kl|o)\s)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
_ADDRESS = re.compile(r"\S@\S")
_NARRATED = re.compile(  # a person who tells what somebody wrote; mailers name no pronoun
    r"\bschrieb(?:en)?\s+(?:ich|wir|ihr|sie|er|mir|uns|man)\b"
    r"|\b(?:i|we|you|he|she|they)\s+(?:also\s+)?wrote\b",
    re.IGNORECASE,
)

_RULED = r"[-_=*–—#]{2,20} ?(?:%s) ?:? ?[-_=*–—#]{2,}$"
_ORIGINAL = re.compile(
    _RULED
    % (
        r"urspr(?:ü|ue)ngliche (?:nachricht|e-?mail)|original[- ]?nachricht|originalnachricht"
        r"|original (?:message|e-?mail)|message d['’]origine|message original|mensaje original"
        r"|messaggio originale|oorspronkelijk bericht|mensagem original"
        r"|oprindelig meddelelse|opprinnelig melding|ursprungligt meddelande"
        r"|wiadomość oryginalna|původní zpráva"
    ),
    re.IGNORECASE,
)
_FORWARDED_TITLE = (
    r"weitergeleitete (?:nachricht|e-?mail)|forwarded (?:message|e-?mail)(?: from .{1,80})?"
    r"|message (?:transféré|transmis)|mensaje reenviado|messaggio inoltrato"
    r"|doorgestuurd bericht|mensagem encaminhada|vidarebefordrat meddelande"
)
_FORWARDED = re.compile(
    rf"{_RULED % _FORWARDED_TITLE}"
    r"|(?:anfang der weitergeleiteten (?:nachricht|e-?mail)|begin forwarded message"
    r"|début du message (?:transféré|réexpédié)|inicio del mensaje reenviado"
    r"|inizio messaggio inoltrato|begin doorgestuurd bericht)\s?:$",
    re.IGNORECASE,
)
_RULE = re.compile(r"[-_=*–—#]{2}")
_BARE_RULE = re.compile(r"[-_=*]{5,}$")

_LABELS = {
    "from": r"von|from|de|da|van|från|fra|od|expéditeur",
    "when": r"gesendet|sent|date|datum|envoyé|enviado(?: el)?|inviato|data|fecha|verzonden|skickat",
    "to": r"an|to|à|para|a|aan|til|till|do|kopie|cc",
    "subject": r"betreff|subject|objet|asunto|oggetto|onderwerp|assunto|ämne|emne|temat",
}
_LABEL = re.compile(
    r"\*{0,2}(?:"
    + "|".join(f"(?P<{field}>{names})" for field, names in _LABELS.items())
    + r")\s?\*{0,2}\s?:(?:\*{0,2}\s|\*{0,2}$)",
    re.IGNORECASE,
)

_DEVICE_SIGNATURE = re.compile(
    r"(?:(?:von|mit) (?:meinem|meiner) .{2,40} (?:gesendet|geschickt)\.?"
    r"|gesendet (?:von|mit|über) (?!:).{2,60}"
    r"|diese nachricht wurde von meinem .{2,60} gesendet\.?"
    r"|sent (?:from|with|via) (?:my )?.{2,40}"
    r"|(?:get|holen sie sich|hol dir) outlook (?:for|für) .{2,40}"
    r"|envoyé (?:de|depuis) mon .{2,40}|enviado desde mi .{2,40}"
    r"|inviato da(?:l mio)? .{2,40}|verstuurd vanaf mijn .{2,40})$",
    re.IGNORECASE,
)


class Attribution(Enum):
    """How surely a line is the "somebody wrote" above a quotation."""

    CERTAIN = "the mailer's own words: a time, and who it was"
    IF_QUOTED = "could be a person's words, unless a quotation follows"


def attribution_at(lines: Sequence[str], start: int) -> tuple[int, Attribution] | None:
    """Find the attribution that begins at a line, wrapped or not: its length and how sure it is."""
    joined = ""
    for length, line in enumerate(lines[start : start + ATTRIBUTION_LINES], 1):
        if not line.strip() or len(line) > ATTRIBUTION_CHARACTERS or QUOTED.match(line):
            return None
        joined = f"{joined} {line.strip()}".strip()
        if joined.endswith(":") and _VERB.search(joined):
            return None if _begins_later(lines, start, length) else (length, _certainty(joined))
        if not _may_be_wrapped(joined):
            return None
    return None


def _may_be_wrapped(beginning: str) -> bool:
    dated = _OPENER.match(beginning) and _DIGIT.search(beginning)
    return bool(dated or _VERB.search(beginning))


def _begins_later(lines: Sequence[str], start: int, length: int) -> bool:
    """Tell whether a writer's own sentence stands directly above the attribution itself."""
    later = range(start + 1, start + length)
    whole = (attribution_at(lines, index) for index in later if not _IN_A_DATE.match(lines[index]))
    return any(attribution and attribution[1] is Attribution.CERTAIN for attribution in whole)


def _certainty(line: str) -> Attribution:
    who_or_when = _OPENER.match(line) or _ADDRESS.search(line) or _YEAR.search(line)
    dated = _TIME.search(line) or (_YEAR.search(line) and _ADDRESS.search(line))
    if who_or_when and dated and not _NARRATED.search(line):
        return Attribution.CERTAIN
    return Attribution.IF_QUOTED


def history_heading_at(lines: Sequence[str], start: int) -> int:
    """Count the lines of the heading that a mailer puts over an unquoted history; 0 if none."""
    line = lines[start][:HEADING_CHARACTERS].strip()
    if not _RULE.match(line):
        return header_block_at(lines, start) if _LABEL.match(line) else 0
    gap = 1 + sum(not below.strip() for below in lines[start + 1 : start + 2])
    block = header_block_at(lines, start + gap)
    if _ORIGINAL.match(line):
        return gap + block if block else 1
    return gap + block if block and _BARE_RULE.match(line) else 0


def header_block_at(lines: Sequence[str], start: int) -> int:
    """Count the lines of a copied header (Von, Gesendet, An, Betreff) at a line; 0 if none."""
    fields: set[str] = set()
    length = 0
    for offset, line in enumerate(lines[start : start + HEADER_BLOCK_LINES], 1):
        label = _LABEL.match(line[:HEADING_CHARACTERS].strip())
        if label and label.lastgroup == "from" and "from" in fields:
            break
        if label and label.lastgroup:
            fields.add(label.lastgroup)
            length = offset
        elif not fields or (_tells_a_message(fields) and not line.strip()):
            break
    block = " ".join(line[:HEADING_CHARACTERS] for line in lines[start : start + length])
    genuine = _TIME.search(block) or _ADDRESS.search(block)  # unlike a journey's "Von" and "An"
    return length if _tells_a_message(fields) and genuine else 0


def _tells_a_message(fields: set[str]) -> bool:
    return {"from", "when"} <= fields and len(fields) > 2


def starts_forward(line: str) -> bool:
    """Tell whether a line announces a forwarded message."""
    return bool(_FORWARDED.match(line[:HEADING_CHARACTERS].strip()))


def without_signature(lines: Sequence[str]) -> list[str]:
    """Take the signature off a block of text that is more than a signature."""
    kept = list(lines)
    dashes = [index for index, line in enumerate(lines) if index and line.startswith("--")]
    for index in reversed(dashes):
        if _delimits_signature(lines, index) and any(line.strip() for line in lines[:index]):
            kept = list(lines[:index])
            break
    while kept and (
        not kept[-1].strip() or _DEVICE_SIGNATURE.match(kept[-1][:HEADING_CHARACTERS].strip())
    ):
        kept.pop()
    return kept


def _delimits_signature(lines: Sequence[str], index: int) -> bool:
    is_bare = lines[index].rstrip() == "--" and len(lines) - index <= BARE_SIGNATURE_LINES
    return is_bare or lines[index] == "-- "
