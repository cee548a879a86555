"""Bodies of made-up messages: MIME parts as mailers write them."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from html import escape
from random import Random

CHARSETS = ("utf-8", "iso-8859-1", "windows-1252", "iso-8859-15")
STYLE = "p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:'Calibri',sans-serif;}\n" * 8
ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "quoted-printable": binascii.b2a_qp,
    "base64": base64.encodebytes,
    "8bit": bytes,
}
CONTENT_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "xlsx": "application/vnd.ms-excel"}


def text_part(chance: Random, text: str, subtype: str = "plain") -> bytes:
    """Write a text in one of the usual charsets and transfer encodings."""
    charset = chance.choices(CHARSETS, (6, 2, 1, 1))[0]
    encoded = text.encode(charset, "replace")
    encoding = chance.choices(list(ENCODINGS), (6, 2, 2))[0]
    head = (
        f"Content-Type: text/{subtype}; charset={charset}\n"
        f"Content-Transfer-Encoding: {encoding}\n\n"
    )
    return head.encode() + ENCODINGS[encoding](encoded)


def alternative(chance: Random, text: str) -> bytes:
    """Write a text twice, plain and as HTML."""
    return multipart(
        chance, "alternative", [text_part(chance, text), text_part(chance, html(text), "html")]
    )


def html(text: str) -> str:
    """Write a text as the widespread mailers' HTML."""
    lines = "\n".join(f"<p class=MsoNormal><b>{escape(p)}</b></p>" for p in text.split("\n\n"))
    return f"<html><head><style>{STYLE}</style></head>\n<body lang=DE>{lines}</body></html>\n"


def attachment(chance: Random, size: int) -> bytes:
    """Write a file of so many bytes, which do not compress."""
    ending, content_type = chance.choice(list(CONTENT_TYPES.items()))
    return (
        f'Content-Type: {content_type}; name="Anlage {chance.randint(1, 999)}.{ending}"\n'
        f"Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n"
    ).encode() + base64.encodebytes(chance.randbytes(size))


def multipart(chance: Random, subtype: str, parts: Sequence[bytes], more: str = "") -> bytes:
    """Put parts together."""
    boundary = f"=_{chance.getrandbits(96):024x}"
    mark = f"\n--{boundary}\n".encode()
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"{more}\n'
    return head.encode() + mark + mark.join(parts) + f"\n--{boundary}--\n".encode()
