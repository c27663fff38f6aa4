"""Backup and restore: state and posts as lines that any engine of ours can write and read.

`taking` writes a folder, `putting` brings it back; `packing` makes one file of the folder.
"""

from __future__ import annotations

from service.backup.errors import BackupError, DamagedBackup, NotEmpty, OtherKeys
from service.backup.manifest import Manifest, read_manifest
from service.backup.packing import pack, unpacked
from service.backup.putting import Restored, occupied, restore
from service.backup.taking import back_up

__all__ = [
    "BackupError",
    "DamagedBackup",
    "Manifest",
    "NotEmpty",
    "OtherKeys",
    "Restored",
    "back_up",
    "occupied",
    "pack",
    "read_manifest",
    "restore",
    "unpacked",
]
