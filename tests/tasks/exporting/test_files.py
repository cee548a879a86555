"""A file is there whole or not at all."""

from pathlib import Path

import pytest

from tasks.exporting.files import replacing


def interrupted(target: Path) -> None:
    with replacing(target) as file:
        file.write(b"ne")
        raise KeyboardInterrupt


def test_a_file_is_there_once_it_is_complete(tmp_path: Path):
    target = tmp_path / "list.csv"

    with replacing(target) as file:
        file.write(b"new")
        assert not target.exists()

    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]
    assert target.read_bytes() == b"new"


def test_what_is_interrupted_leaves_everything_as_it_was(tmp_path: Path):
    target = tmp_path / "list.csv"
    target.write_bytes(b"old")

    with pytest.raises(KeyboardInterrupt):
        interrupted(target)

    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]
    assert target.read_bytes() == b"old"


def test_a_link_stays_one_and_what_it_names_is_replaced(tmp_path: Path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old")
    link.symlink_to(real)

    with replacing(link) as file:
        file.write(b"new")

    assert (link.is_symlink(), real.read_bytes()) == (True, b"new")


@pytest.mark.parametrize("target", [".", "no/such/folder/list.csv"])
def test_where_no_file_can_be_nothing_is_written(tmp_path: Path, target: str):
    with pytest.raises(OSError, match=r"file|directory"), replacing(tmp_path / target):
        pass

    assert list(tmp_path.iterdir()) == []
