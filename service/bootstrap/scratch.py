"""Folders of back-tests: among the data, gone afterwards, and swept when their process was killed.

They hold posts, so none may outlive its back-test where nobody looks. A lock on a file in each says
that its process is alive: the kernel lets go of it however the process ends.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

_ALIVE = "alive"
_DOOR = "door"
_PREFIX = "backtest-"


def scratch_room(data_dir: Path) -> Path:
    """Where the folders are."""
    return data_dir / "backtests"


@contextmanager
def scratch_folder(room: Path) -> Iterator[Path]:
    """A new folder in the room, which nobody else may read, deleted at the end. Raises OSError."""
    room.mkdir(parents=True, exist_ok=True)
    with _behind_the_door(room):
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=room))
        alive = (folder / _ALIVE).open("w")
        fcntl.flock(alive, fcntl.LOCK_EX)
    try:
        with alive:
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(room: Path) -> int:
    """Delete what processes that are gone left behind; answers how many folders.

    What cannot be deleted is logged: nothing fails to start because of an older process.
    """
    if not room.is_dir():
        return 0
    swept = 0
    try:
        with _behind_the_door(room):
            for folder in room.glob(f"{_PREFIX}*"):
                if not _is_alive(folder):
                    shutil.rmtree(folder)
                    swept += 1
    except OSError as error:
        log.warning("backtest.not_swept", folder=str(room), reason=str(error))
    return swept


def _is_alive(folder: Path) -> bool:
    try:
        with (folder / _ALIVE).open("r+") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        # Killed before it could say that it is alive.
        return False
    return False


@contextmanager
def _behind_the_door(room: Path) -> Iterator[None]:
    """One at a time, so that a folder without its lock is never taken for a dead one."""
    with (room / _DOOR).open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
