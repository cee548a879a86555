"""A workflow as a picture (SVG), for where Mermaid is not drawn: its steps, one below the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from domain.workflow_diagrams import when_it_follows
from domain.workflows import Workflow

WIDTH, LEFT, BOX, HIGH, PITCH, TOP = 860, 300, 260, 48, 96, 20  # pixels
RIGHT, MIDDLE = LEFT + BOX, LEFT + BOX // 2
LONGEST = 38  # characters of what stands at an arrow
_STYLE = (
    "text{font:13px sans-serif;fill:#8891a5}.box{fill:#e4e8f7;stroke:#4a5a9a}"
    ".in{fill:#1d2440;text-anchor:middle}.title{font-weight:bold}"
    "path{fill:none;stroke:#8891a5;stroke-width:1.5}.contact{stroke-dasharray:5 4}"
)
_HEAD = (
    '<defs><marker id="to" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
    '<path d="M0,0 L8,4 L0,8 z" style="fill:#8891a5"/></marker></defs>'
)


@dataclass(frozen=True, slots=True)
class _Arrow:
    """What leads from one place to another; places are counted from the top."""

    source: int
    target: int
    label: str
    by_contact: bool = False


def picture(workflow: Workflow, counts: Mapping[str, str]) -> str:
    """Draw the steps, and in each what is said of it, and what leads from one to another."""
    places = {name: number for number, name in enumerate(workflow.steps)}
    height = TOP + PITCH * len(places) + 40
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}">',
            f"<style>{_STYLE}</style>{_HEAD}",
            *(_drawn(arrow) for arrow in _joined(_arrows(workflow, places))),
            *_entries(workflow, places),
            *(_box(workflow, name, place, counts.get(name, "")) for name, place in places.items()),
            f'<circle class="box" cx="{MIDDLE}" cy="{_top(len(places)) + 14}" r="14"/></svg>',
        ]
    )


def _arrows(workflow: Workflow, places: Mapping[str, int]) -> Iterator[_Arrow]:
    end = len(places)
    for name, step in workflow.steps.items():
        for each in step.next:
            target = places.get(each.to, end) if each.to else end
            yield _Arrow(places[name], target, when_it_follows(each))
        if not step.next:
            yield _Arrow(places[name], end, "all done")
    for advance in workflow.advances:
        if advance.inside in places and advance.enter in places:
            yield _Arrow(places[advance.inside], places[advance.enter], "contact", by_contact=True)


def _joined(arrows: Iterator[_Arrow]) -> Iterator[_Arrow]:
    """Draw what leads the same way as one arrow."""
    ways: dict[tuple[int, int], list[_Arrow]] = {}
    for each in arrows:
        ways.setdefault((each.source, each.target), []).append(each)
    for (source, target), along in ways.items():
        label = " / ".join(each.label for each in along)
        yield _Arrow(source, target, label, all(each.by_contact for each in along))


def _drawn(arrow: _Arrow) -> str:
    kind = ' class="contact"' if arrow.by_contact else ""
    path, at = _way(arrow)
    said = escape(_short(arrow.label))
    return f'<path{kind} marker-end="url(#to)" d="{path}"/><text {at}>{said}</text>'


def _way(arrow: _Arrow) -> tuple[str, str]:
    """Give an arrow's path, and where its label stands: down, or around on a side."""
    start, end = _top(arrow.source), _top(arrow.target)
    if arrow.target == arrow.source + 1:
        label_at = f'x="{MIDDLE + 8}" y="{start + HIGH + 28}"'
        return f"M{MIDDLE},{start + HIGH} V{end}", label_at
    onward = arrow.target > arrow.source
    edge, side, anchor = (RIGHT, 1, "start") if onward else (LEFT, -1, "end")
    leave, arrive = start + 34, end + 14
    bulge = edge + side * (40 + 14 * min(abs(arrow.target - arrow.source), 8))
    label = f'x="{edge + (bulge - edge) * 3 // 4 + side * 6}" y="{(leave + arrive) // 2 + 4}"'
    path = f"M{edge},{leave} C{bulge},{leave} {bulge},{arrive} {edge},{arrive}"
    return path, f'{label} text-anchor="{anchor}"'


def _entries(workflow: Workflow, places: Mapping[str, int]) -> Iterator[str]:
    for start in workflow.starts:
        if start.enter in places:
            y, label = _top(places[start.enter]) + 24, escape(f"{start.case_kind}: contact")
            yield f'<path class="contact" marker-end="url(#to)" d="M{LEFT - 50},{y} H{LEFT}"/>'
            yield f'<text x="{LEFT - 56}" y="{y + 4}" text-anchor="end">{label}</text>'


def _box(workflow: Workflow, name: str, place: int, count: str) -> str:
    y, title = _top(place), escape(_short(workflow.steps[name].title))
    return (
        f'<rect class="box" x="{LEFT}" y="{y}" width="{BOX}" height="{HIGH}" rx="8"/>'
        f'<text class="in title" x="{MIDDLE}" y="{y + 20}">{title}</text>'
        f'<text class="in" x="{MIDDLE}" y="{y + 38}">{escape(count)}</text>'
    )


def _top(place: int) -> int:
    return TOP + PITCH * place


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
