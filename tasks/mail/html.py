"""HTML mail made harmless: nothing runs, nothing is loaded, and all visible text stays."""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape

import nh3

from tasks.mail.html_nesting import is_shallow
from tasks.mail.html_text import as_text
from tasks.mail.html_tokens import UNSEEN

__all__ = ["as_text", "sanitised", "self_contained"]

LARGEST = 1024 * 1024  # characters

_TAGS = frozenset(
    str.split(
        "a abbr address article aside b bdi bdo big blockquote br caption center cite code col "
        "colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 "
        "header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike "
        "strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr"
    )
)
_EVERYWHERE = frozenset(str.split("align bgcolor dir height lang style title valign width"))
_ATTRIBUTES = {
    "*": set(_EVERYWHERE),
    "a": {"href"},
    "blockquote": {"type"},
    "col": {"span"},
    "font": {"color", "face", "size"},
    "hr": {"color", "size"},
    "img": {"alt", "border", "data-remote-src", "hspace", "src", "vspace"},
    "ol": {"start", "type"},
    "table": {"border", "bordercolor", "cellpadding", "cellspacing"},
    "td": {"colspan", "nowrap", "rowspan"},
    "th": {"colspan", "nowrap", "rowspan"},
    "ul": {"type"},
}
_LINKED = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_REMOTE = re.compile(r"https?://", re.IGNORECASE)
_SHOWN = re.compile(r"cid:|data:image/(?:png|jpe?g|gif|webp|bmp);base64,", re.IGNORECASE)

_STYLES = re.compile(
    r"(?:background-color|border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?"
    r"|border-(?:collapse|radius|spacing)|clear|color|display|direction|float|font"
    r"|font-(?:family|size|style|variant|weight)|(?:max-|min-)?(?:height|width)|letter-spacing"
    r"|line-height|list-style(?:-type)?|(?:margin|padding)(?:-(?:top|right|bottom|left))?|overflow"
    r"|table-layout|text-(?:align|decoration|indent|transform)|vertical-align|visibility"
    r"|white-space|word-(?:break|spacing|wrap))$"
)
_STYLE_VALUE = re.compile(
    r"""(?:[\w\s#%.,'"!+-]|(?:rgb|rgba|hsl|hsla)\([\d\s.,%]{1,60}\))+$""", re.IGNORECASE
)
_STYLE_LENGTH = 300

_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_REMOTE_SOURCE = re.compile(r"""(\s)src(\s?=\s?["']?\s{0,9}https?://)""", re.IGNORECASE)


def sanitised(html: str) -> str:
    """Give a mail's HTML so that a browser may show it.

    Remote images keep their address as data-remote-src, to be loaded when the reader asks for
    it. What is too large or too deeply nested to be cleaned becomes plain paragraphs.
    """
    if len(html) > LARGEST or not is_shallow(html):
        return _as_paragraphs(as_text(html))
    return _CLEANER.clean(_IMAGE.sub(_without_remote_source, html))


def self_contained(html: str) -> str:
    """Give a mail's HTML so that a browser shows it without loading anything.

    Of pictures, only those that the HTML itself contains are left; of others, what they show
    in words.
    """
    return _CLEANER_OF_PICTURES.clean(sanitised(html))


def _as_paragraphs(text: str) -> str:
    paragraphs = re.split(r"\n\n+", text)
    written = (escape(paragraph, quote=False) for paragraph in paragraphs if paragraph.strip())
    return "".join(f"<p>{lines.strip()}</p>".replace("\n", "<br>") for lines in written)


def _without_remote_source(image: re.Match[str]) -> str:
    return _REMOTE_SOURCE.sub(r"\1data-remote-src\2", image[0], count=1)


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    """Keep an attribute's value, a harmless part of it, or nothing."""
    if attribute == "style":
        return _harmless_style(value)
    allowed = {"href": _LINKED, "src": _SHOWN, "data-remote-src": _REMOTE}.get(attribute)
    return value if allowed is None or allowed.match(value.strip()) else None


def _contained(tag: str, attribute: str, value: str) -> str | None:
    """Keep what _filtered keeps, but no address of a picture that is elsewhere."""
    elsewhere = attribute == "src" and not value.strip().lower().startswith("data:")
    return None if elsewhere or attribute == "data-remote-src" else _filtered(tag, attribute, value)


@lru_cache(maxsize=4096)
def _harmless_style(style: str) -> str | None:
    """Keep the declarations that only colour, align and measure."""
    kept = []
    for declaration in style.split(";"):
        name, _, value = (text.strip() for text in declaration.partition(":"))
        harmless = len(value) <= _STYLE_LENGTH and _STYLE_VALUE.match(value)
        if _STYLES.match(name.lower()) and harmless:
            kept.append(f"{name.lower()}:{value}")
    return ";".join(kept) or None


def _cleaner(keeping: Callable[[str, str, str], str | None]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(UNSEEN),
        attributes=_ATTRIBUTES,
        attribute_filter=keeping,
        url_schemes={"cid", "data", "http", "https", "mailto", "tel"},
        url_relative="deny",
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


_CLEANER = _cleaner(_filtered)
_CLEANER_OF_PICTURES = _cleaner(_contained)
