"""Errors of backup and restore.

ServiceError
└── BackupError            cannot be written, read or put back
    ├── DamagedBackup      not ours, not whole, or not what was written
    ├── NotEmpty           there is something where it would go
    └── OtherKeys          the keys at hand do not open what it holds
"""

from __future__ import annotations

from service.errors import ServiceError


class BackupError(ServiceError):
    """A backup that cannot be written, read or put back."""

    status = 409
    code = "backup"


class DamagedBackup(BackupError):
    """Files that are missing, changed, or no backup of this kind."""


class NotEmpty(BackupError):
    """A restore would overwrite what is there."""


class OtherKeys(BackupError):
    """Handles and secrets in the backup were encrypted with other keys."""
