"""A backup as one file: a plain tar, whose members are compressed already."""

from __future__ import annotations

import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.backup.errors import DamagedBackup
from service.backup.manifest import MEMBERS

SUFFIX = ".tar"
_CHUNK = 1 << 20


def pack(folder: Path, target: Path) -> None:
    """Make `target` of the files in `folder`; there as a whole or not at all."""
    beside = target.with_name(f".{target.name}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                for name in MEMBERS:
                    if (folder / name).is_file():
                        archive.add(folder / name, arcname=name, filter=_nobodys)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def unpacked(backup: Path, *, scratch: Path) -> Iterator[Path]:
    """The folder of a backup that is one, or of the file's members while the block runs.

    Members of other names, links and devices are passed over. Raises DamagedBackup.
    """
    if backup.is_dir():
        yield backup
        return
    with tempfile.TemporaryDirectory(dir=scratch, prefix=".backup-") as name:
        folder = Path(name)
        try:
            with tarfile.open(backup, mode="r:") as archive:
                for member in archive:
                    if member.isreg() and member.name in MEMBERS:
                        _extract(archive, member, folder / member.name)
        except (tarfile.TarError, EOFError) as error:
            raise DamagedBackup(f"{backup} is no backup, or not whole: {error}") from error
        yield folder


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    source = archive.extractfile(member)
    if source is None:
        return
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as copy:
        while chunk := source.read(_CHUNK):
            copy.write(chunk)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whoever unpacks it owns it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
