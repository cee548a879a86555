"""An e-mail's bytes become what it says.

No bytes raise, and none take long: what is beyond the limits of structure.py keeps its headers
and comes with the raw message attached. How the structure is read, and why with a scanner of our
own rather than fast-mail-parser or email.policy.default, stands there.
"""

from dataclasses import dataclass

from domain.automatic import kind_of
from domain.bounces import read_bounce
from domain.confirmations import read_confirmation
from domain.mail import Attachment, Automatic, InvitationReply, Letter, LetterPart, Mail
from domain.quotes import new_part
from domain.subjects import is_forward
from tasks.mail.attachments import read_attachments, whole_message
from tasks.mail.bodies import Body, read_body, shown_texts
from tasks.mail.envelope import Envelope, legacy_charset, read_envelope
from tasks.mail.header_text import header_text
from tasks.mail.letters import DecodedHeaders, letter_parts
from tasks.mail.message_ids import abridged, message_ids
from tasks.mail.part import Part
from tasks.mail.replies import read_replies
from tasks.mail.structure import Structure, read_structure

MAX_SUBJECT = 2_000  # characters
MAX_REPLY = 128 * 1024  # characters; what nobody typed need not be told from its quotes
_MAX_SUBJECT_OCTETS = 16 * 1024


@dataclass(frozen=True, slots=True)
class _Contents:
    """What the parts of a message hold."""

    body: Body
    attachments: tuple[Attachment, ...]
    parts: tuple[LetterPart, ...]
    replies: tuple[InvitationReply, ...]


def understand(raw: bytes) -> Mail:
    """Read an e-mail; what is damaged is read as it must have been meant, and noted."""
    structure = read_structure(raw)
    headers, legacy = structure.root.headers, legacy_charset(structure.leaves)
    envelope = read_envelope(headers, legacy)
    defects = [*structure.defects, *envelope.defects]
    contents = _contents(raw, structure, legacy, defects)
    letter = _letter(structure.root, legacy, envelope, contents.parts)
    bounce = read_bounce(letter)
    return Mail(
        message_id=next(iter(message_ids(headers.all("message-id"))), None),
        in_reply_to=abridged(message_ids(headers.all("in-reply-to"))),
        references=abridged(message_ids(headers.all("references"))),
        sent_at=envelope.sent_at,
        sender=envelope.sender,
        reply_to=envelope.reply_to,
        recipients=envelope.recipients,
        subject=letter.subject,
        text=contents.body.text,
        new_text=_new_text(letter.subject, contents.body.text),
        html=contents.body.html,
        attachments=contents.attachments,
        automatic=Automatic.BOUNCE if bounce else kind_of(letter),
        bounce=bounce,
        confirmation=read_confirmation(letter),
        replies=contents.replies,
        defects=tuple(dict.fromkeys(defects)),
        header_fields=headers.count,
    )


def _new_text(subject: str, text: str) -> str:
    """Leave the quoted history out; of a forward it is what the mail is about."""
    whole = is_forward(subject) or len(text) > MAX_REPLY
    return text.strip() if whole else new_part(text)


def _contents(raw: bytes, structure: Structure, legacy: str, defects: list[str]) -> _Contents:
    if structure.excess:
        defects.append(structure.excess)
        return _Contents(Body("", None), (whole_message(raw),), (), ())
    leaves = structure.leaves
    texts = shown_texts(raw, leaves, defects)
    body = read_body(structure.root, texts)
    attachments = read_attachments(raw, leaves, legacy, body.html or "", defects)
    parts = letter_parts(raw, leaves, texts, body.text)
    return _Contents(body, attachments, parts, read_replies(raw, leaves))


def _letter(root: Part, legacy: str, envelope: Envelope, parts: tuple[LetterPart, ...]) -> Letter:
    subject = root.headers.first("subject")[:_MAX_SUBJECT_OCTETS]
    return Letter(
        headers=DecodedHeaders(root.headers, legacy),
        sender=envelope.author,
        subject=header_text(subject, legacy)[:MAX_SUBJECT].strip(),
        content_type=root.content_type,
        report_type=root.readings[0].text("report-type").lower() if root.readings else "",
        parts=parts,
    )
