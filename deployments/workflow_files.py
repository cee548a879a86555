"""Workflow definitions in files: read from folders, with all that is wrong with them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.errors import DefinitionError
from domain.workflow_checks import Known
from domain.workflow_yaml import Checked, checked
from domain.workflows import Workflow
from tasks.settings import Settings

DEMO = Path(__file__).parent / "demo" / "workflows"
SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Definitions:
    """The workflows that files define; problems and warnings are lines that name file and line."""

    workflows: tuple[Workflow, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def folders(settings: Settings) -> tuple[Path, ...]:
    """Give the folders whose definitions apply: the demo's, while it runs, and one's own."""
    own = (settings.workflows,) if settings.workflows.is_dir() else ()
    return (DEMO, *own) if settings.is_demo else own


def definitions(paths: Collection[Path], known: Known) -> Definitions:
    """Read files, and folders of them; of two that define one workflow, the second is a problem."""
    read: dict[Path, Checked] = {}
    files = {path: _files(path) for path in paths}
    problems = [f"{path}: there is no definition here" for path in paths if not files[path]]
    for file in dict.fromkeys(file for found in files.values() for file in found):
        try:
            read[file] = checked(_text(file), str(file), known)
        except DefinitionError as error:
            problems += error.problems
        except Exception as error:  # noqa: BLE001 - whatever is in a file, the others are read
            problems.append(f"{file}:1: a fault of this program: {type(error).__name__}")
    problems += _doubled(read)
    workflows = {each.workflow.name: each.workflow for each in reversed(read.values())}
    warnings = [warning for each in read.values() for warning in each.warnings]
    return Definitions(tuple(reversed(workflows.values())), tuple(problems), tuple(warnings))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(each for each in path.iterdir() if each.suffix in SUFFIXES)
    return [path] if path.exists() else []


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError([f"{file}:1: it cannot be read: {error}"]) from error


def _doubled(read: Mapping[Path, Checked]) -> Iterator[str]:
    first: dict[str, Path] = {}
    for file, each in read.items():
        before = first.setdefault(each.workflow.name, file)
        if before is not file:
            yield f"{file}:1: workflow: {each.workflow.name} is defined in {before} already"
