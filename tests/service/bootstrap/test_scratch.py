"""Folders of back-tests: gone at the end, kept while they are used, swept after a kill."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from service.bootstrap.scratch import scratch_folder, scratch_room, sweep

HOLDER = """
import sys, time
from pathlib import Path
from service.bootstrap.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "posts.db").write_text("what people wrote")
    print(folder.name, flush=True)
    time.sleep(120)
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return scratch_room(tmp_path / "data")


def folders(room: Path) -> list[str]:
    return sorted(path.name for path in room.iterdir() if path.is_dir())


def fail_in(room: Path) -> None:
    with scratch_folder(room) as folder:
        (folder / "posts.db").write_text("what people wrote")
        assert folder.stat().st_mode & 0o077 == 0
        raise ZeroDivisionError


def test_a_folder_is_gone_at_the_end_also_of_what_fails(room: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_in(room)
    assert folders(room) == []


def test_a_folder_in_use_is_left_alone(room: Path) -> None:
    with scratch_folder(room) as folder:
        assert sweep(room) == 0
        assert folder.is_dir()


def test_what_a_killed_process_left_is_swept(room: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(room)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        name = holder.stdout.readline().strip()
        kept = sweep(room), folders(room)
        holder.kill()
    assert kept == (0, [name])
    assert (room / name / "posts.db").exists()
    (room / "backtest-unborn").mkdir()

    assert sweep(room) == 2
    assert folders(room) == []


def test_without_a_room_there_is_nothing_to_sweep(room: Path) -> None:
    assert sweep(room) == 0
    assert not room.exists()


def test_what_cannot_be_swept_stops_nothing(room: Path) -> None:
    (room / "door").mkdir(parents=True)
    (room / "backtest-old").mkdir()
    assert sweep(room) == 0
    assert (room / "backtest-old").is_dir()
