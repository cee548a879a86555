"""YAML as configuration needs it: mappings, lists and texts, each with the line that it is on.

Every scalar is a text, so that `on` is no truth, 17:00 no number and 0042 keeps its zeros. What can
grow without bounds (aliases) or mean something else (tags) is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import yaml

LARGEST = 1_000_000  # characters
MOST_PARTS = 20_000
DEEPEST = 30

Path = tuple[str | int, ...]
Problem = tuple[int, Path, str]  # a line, what it is about, and what is wrong


class UnreadableYaml(ValueError):
    """A text is no YAML that is understood here; problems say where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class LinedYaml:
    """What a file says, and on which line each part of it begins."""

    content: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """Give the line of a part, or of the nearest part around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str) -> LinedYaml:
    """Read a text; UnreadableYaml names the lines that are wrong."""
    if len(text) > LARGEST:
        raise UnreadableYaml([(1, (), f"it has more than {LARGEST:,} characters")])
    reading = _Reading(_plain_events(text))
    try:
        content = reading.document()
    except yaml.MarkedYAMLError as error:
        raise UnreadableYaml([_syntax(error)]) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UnreadableYaml([(line, (), "there is a character that no text has")]) from error
    if reading.problems:
        raise UnreadableYaml(reading.problems)
    return LinedYaml(content, reading.lines)


def _plain_events(text: str) -> Iterator[yaml.Event]:
    """Give the events one by one, and refuse what is not plain before anything is built of it."""
    events = yaml.parse(text, Loader=yaml.BaseLoader)
    depth = 0
    for number in count():
        try:
            event = next(events)
        except StopIteration:
            return
        except (ValueError, OverflowError) as error:  # of numbers in escapes and directives
            raise UnreadableYaml([(1, (), "it is no readable YAML")]) from error
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if problem := _problem(event, depth, number):
            raise UnreadableYaml([(_line(event), (), problem)])
        yield event


def _problem(event: yaml.Event, depth: int, number: int) -> str | None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "anchors and aliases (&, *) are not offered"
    if getattr(event, "tag", None) not in (None, "!"):
        return "tags (!) are not offered"
    if isinstance(event, yaml.ScalarEvent) and not _is_plain(event.value):
        return "there is a character that no text has"
    if depth > DEEPEST:
        return f"it is nested more than {DEEPEST} deep"
    return f"it has more than {MOST_PARTS:,} parts" if number > MOST_PARTS else None


def _is_plain(value: str) -> bool:
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _syntax(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    says = ", ".join(part for part in (error.context, error.problem) if part)
    return (mark.line + 1 if mark else 1, (), says or "it is no readable YAML")


@dataclass(frozen=True, slots=True)
class _Reading:
    events: Iterator[yaml.Event]
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def document(self) -> Any:
        content = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and self.lines:
                self.problems.append((_line(event), (), "a second document begins here"))
                break
            if isinstance(event, yaml.NodeEvent):
                content = self.part(event, ())
        return content

    def part(self, event: yaml.Event, path: Path) -> Any:
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return [self.part(each, (*path, n)) for n, each in enumerate(self.inside())]
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        assert isinstance(event, yaml.ScalarEvent)
        return event.value

    def inside(self) -> Iterator[yaml.Event]:
        """Give the beginnings of a collection's parts; each is read before the next is asked."""
        for event in self.events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event

    def mapping(self, path: Path) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for event in self.inside():
            line, name = _line(event), self.part(event, (*path, "?"))
            if problem := self.problem_of(name, path, content):
                self.problems.append((line, path, problem))
                self.part(next(self.events), (*path, "?"))
                continue
            self.lines[*path, name] = line
            content[name] = self.part(next(self.events), (*path, name))
        return content

    def problem_of(self, name: Any, path: Path, content: dict[str, Any]) -> str | None:
        if not isinstance(name, str):
            return "the name of a field is a text"
        if name in content:
            first = self.lines[*path, name]
            return f"{name} stands here a second time: the first is on line {first}"
        return None
