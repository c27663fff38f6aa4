from __future__ import annotations

import io
import stat
import tarfile
from pathlib import Path

import pytest

from service.backup import DamagedBackup, pack, unpacked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    (made / "manifest.json").write_bytes(b"{}")
    (made / "keys.json").write_bytes(b"secret")
    return made


def test_what_was_packed_is_unpacked(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "copy.tar")
    with unpacked(tmp_path / "copy.tar", scratch=tmp_path) as found:
        assert {path.name: path.read_bytes() for path in found.iterdir()} == {
            "manifest.json": b"{}",
            "keys.json": b"secret",
        }
        assert stat.S_IMODE((found / "keys.json").stat().st_mode) == 0o600
    assert not found.exists()


def test_the_file_is_for_its_owner_alone(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "copy.tar")
    assert stat.S_IMODE((tmp_path / "copy.tar").stat().st_mode) == 0o600


def test_a_folder_is_read_where_it_is(folder: Path, tmp_path: Path) -> None:
    with unpacked(folder, scratch=tmp_path) as found:
        assert found == folder


@pytest.mark.parametrize("name", ["../keys.json", "/keys.json", "sub/keys.json", "other.json"])
def test_members_of_other_names_are_passed_over(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "copy.tar", "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 4
        archive.addfile(member, io.BytesIO(b"evil"))
    with unpacked(tmp_path / "copy.tar", scratch=tmp_path) as found:
        assert list(found.iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"copy.tar"}


def test_a_link_is_passed_over(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "copy.tar", "w") as archive:
        member = tarfile.TarInfo("keys.json")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
    with unpacked(tmp_path / "copy.tar", scratch=tmp_path) as found:
        assert list(found.iterdir()) == []


def test_half_a_file_is_damaged(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "copy.tar")
    whole = (tmp_path / "copy.tar").read_bytes()
    (tmp_path / "copy.tar").write_bytes(whole[:700])
    with (
        pytest.raises(DamagedBackup, match="not whole"),
        unpacked(tmp_path / "copy.tar", scratch=tmp_path),
    ):
        pass


def test_any_other_file_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "copy.tar").write_bytes(b"not a tar at all" * 100)
    with (
        pytest.raises(DamagedBackup, match="no backup"),
        unpacked(tmp_path / "copy.tar", scratch=tmp_path),
    ):
        pass
