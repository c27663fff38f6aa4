from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from service.backup import DamagedBackup, Manifest, read_manifest
from service.backup.lines import checksum, reading, writing
from service.backup.manifest import MANIFEST, POSTS, STATE, write_manifest


@pytest.fixture
def written(tmp_path: Path) -> Manifest:
    for name in (STATE, POSTS):
        with writing(tmp_path / name) as out:
            out.write({"name": name})
    manifest = Manifest(
        version="0.1.0",
        revision="0007",
        made_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
        tables={"incident": 1},
        posts=1,
        keys="abcd",
        files={name: checksum(tmp_path / name) for name in (STATE, POSTS)},
    )
    write_manifest(tmp_path, manifest)
    return manifest


def change(folder: Path, **fields: Any) -> None:
    data = orjson.loads((folder / MANIFEST).read_bytes()) | fields
    (folder / MANIFEST).write_bytes(orjson.dumps(data))


def test_it_is_read_as_it_was_written(written: Manifest, tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == written
    assert not written.has_keys


def test_a_folder_without_one_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(DamagedBackup, match="it is no backup"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"format": 1}', b'{"format": "x"}'])
def test_one_that_cannot_be_read_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(DamagedBackup, match=MANIFEST):
        read_manifest(tmp_path)


def test_a_file_that_was_changed_is_named(written: Manifest, tmp_path: Path) -> None:
    (tmp_path / POSTS).write_bytes(b"other")
    with pytest.raises(DamagedBackup, match=f"{POSTS} is not what was written"):
        read_manifest(tmp_path)


def test_a_file_that_is_missing_is_named(written: Manifest, tmp_path: Path) -> None:
    (tmp_path / POSTS).unlink()
    with pytest.raises(DamagedBackup, match=f"lacks {POSTS}"):
        read_manifest(tmp_path)


def test_no_other_file_is_looked_at(written: Manifest, tmp_path: Path) -> None:
    change(tmp_path, files={**written.files, "../../etc/passwd": "00"})
    with pytest.raises(DamagedBackup, match="which no backup holds"):
        read_manifest(tmp_path)


def test_both_files_are_needed(written: Manifest, tmp_path: Path) -> None:
    change(tmp_path, files={STATE: written.files[STATE]})
    with pytest.raises(DamagedBackup, match=f"does not name {POSTS}"):
        read_manifest(tmp_path)


def test_a_later_format_is_for_a_later_version(written: Manifest, tmp_path: Path) -> None:
    change(tmp_path, format=2, version="9.0.0", new="field")
    with pytest.raises(DamagedBackup, match=r"by Fengsui 9\.0\.0"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("keep", [10, 30])
def test_lines_that_end_early_are_damaged(tmp_path: Path, keep: int) -> None:
    with writing(tmp_path / STATE) as out:
        for number in range(100):
            out.write({"number": number})
    (tmp_path / STATE).write_bytes((tmp_path / STATE).read_bytes()[:keep])
    with pytest.raises(DamagedBackup, match=f"{STATE} cannot be read"):
        list(reading(tmp_path / STATE))
