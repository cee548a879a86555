"""Octets become text, whatever their charset label claims.

Labels lie in known ways: they name a narrower charset than was written (take the superset, as
the WHATWG's encoding standard does), they are missing, or they are no charset at all. What comes
out can be stored: it has no NUL, no lone surrogate and no control character but tab and newline.
"""

import codecs
import re
from encodings.aliases import aliases
from functools import lru_cache

WESTERN = "cp1252"

_NO_CHARSETS = {"base64_codec", "bz2_codec", "hex_codec", "mbcs", "quopri_codec", "rot_13"}
_NO_CHARSETS |= {"uu_codec", "zlib_codec", "oem"}
_SUPERSETS = {
    "ascii": WESTERN,
    "latin_1": WESTERN,
    "iso8859_1": WESTERN,
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "iso8859_8": "cp1255",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "iso2022_jp": "iso2022_jp_ext",
    "iso2022_jp_1": "iso2022_jp_ext",
}
_BY_OTHER_NAMES = {
    "iso88598i": "cp1255",
    "iso88598e": "cp1255",
    "iso88596i": "iso8859_6",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "tis620": "cp874",
    "gb23121980": "gb18030",
    "utf8mb4": "utf_8",
    "unicode11utf7": "utf_7",
    "unicode": "utf_16",
    "ucs2": "utf_16",
    "macintosh": "mac_roman",
    "iso2022jpms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "windows31j": "cp932",
    "windows874": "cp874",
    "windows949": "cp949",
    "windows936": "gb18030",
}
_CODECS = {re.sub("[^a-z0-9]", "", alias): codec for alias, codec in aliases.items()}
_CODECS |= {re.sub("[^a-z0-9]", "", codec): codec for codec in set(aliases.values())}
_CODECS = {name: codec for name, codec in _CODECS.items() if codec not in _NO_CHARSETS}
_CODECS |= _BY_OTHER_NAMES

_WIDE = {codec for codec in _CODECS.values() if codec.startswith(("utf_16", "utf_32"))}
_SHIFTING = {codec for codec in _CODECS.values() if codec.startswith("iso2022")}
_ODD = _WIDE | _SHIFTING | {"utf_7", "hz"}  # octets below 0x80 need not stand for themselves
_BOMS = (
    (codecs.BOM_UTF8, "utf_8_sig"),
    (codecs.BOM_UTF32_LE, "utf_32"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
)

_CONTROL_OCTETS = bytes(c for c in range(32) if c not in b"\t\n\r\x1b") + b"\x7f"
_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_JAPANESE_ESCAPE = b"\x1b$"
_MAX_MENDED = 10_000


@lru_cache(maxsize=256)
def codec_of(label: str) -> str | None:
    """Name the codec that reads what a charset label stands for, and its superset's letters."""
    cleaned = label.lower().replace("charset=", "").strip(" \t\"'<>")
    key = re.sub("[^a-z0-9]", "", re.split(r"[;,*(\s]", cleaned, maxsplit=1)[0])
    codec = _CODECS.get(key) or _CODECS.get(key.removeprefix("x"))
    return _SUPERSETS.get(codec, codec) if codec else None


def decoded(octets: bytes, label: str = "", otherwise: str = WESTERN) -> str:
    """Read text as labelled, or as it rather must have been meant; lines end in a newline."""
    codec = codec_of(label) if label else None
    if octets.isascii() and codec not in _ODD and b"\x1b" not in octets:
        return _with_newlines(octets.translate(None, _CONTROL_OCTETS).decode("ascii"))
    if codec not in _ODD:
        codec = _seen(octets, codec)
    if codec in _ODD:
        return _tidied(_odd_text(octets, codec))
    return _tidied(_usual_text(octets.translate(None, _CONTROL_OCTETS), codec, otherwise))


def _seen(octets: bytes, codec: str | None) -> str | None:
    for mark, marked in _BOMS:
        if octets.startswith(mark):
            return marked
    if codec in (None, WESTERN, "utf_8") and _JAPANESE_ESCAPE in octets[:4096]:
        return "iso2022_jp_ext" if octets.isascii() else codec
    return codec


def _odd_text(octets: bytes, codec: str) -> str:
    if codec in _WIDE and octets.isascii() and b"\0" not in octets:
        return octets.decode("ascii")
    if codec in _WIDE:
        octets = octets[: len(octets) & ~1]
    if codec == "utf_16" and not octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codec = "utf_16_be" if octets[0:512:2].count(0) > octets[1:512:2].count(0) else "utf_16_le"
    return octets.decode(codec, "replace").removeprefix("\ufeff")


def _usual_text(octets: bytes, codec: str | None, otherwise: str) -> str:
    if codec in (None, WESTERN, "utf_8", "utf_8_sig"):
        return _universal_or(octets, WESTERN if codec == WESTERN else otherwise)
    try:
        return octets.decode(codec or WESTERN)
    except UnicodeDecodeError:
        pass
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode(codec or WESTERN, "replace")


def _universal_or(octets: bytes, legacy: str) -> str:
    """Read UTF-8, with single octets that are none as Western ones; or else the legacy charset."""
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\xed" in octets and (text := _from_surrogates(octets)) is not None:
            return text
    lenient = octets.decode("utf-8", "ignore")
    letters = len(lenient) - len(lenient.encode("ascii", "ignore"))
    damaged = len(octets) - len(lenient.encode())
    if damaged <= letters:
        return octets.decode("utf-8", "western" if damaged < _MAX_MENDED else "replace")
    return octets.decode(legacy, "western" if legacy == WESTERN else "replace")


def _tidied(text: str) -> str:
    return _CONTROLS.sub("", _with_newlines(text))


def _from_surrogates(octets: bytes) -> str | None:
    """Read what Java's mailers write for UTF-8: characters as pairs of surrogates (CESU-8)."""
    try:
        pairs = octets.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return pairs.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _as_western(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    octets = error.object[error.start : error.end]
    return octets.decode(WESTERN, "replace").replace("\ufffd", ""), error.end


codecs.register_error("western", _as_western)
