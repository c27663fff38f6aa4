"""The audit trail: who did what to which thing, chained so that later changes show."""

from __future__ import annotations

from service.audit.entry import AuditEntry, secret_names
from service.audit.errors import SecretInAudit
from service.audit.sealer import Sealer
from service.audit.trail import SYSTEM, AuditFilter, entries, record
from service.audit.verification import BadLink, Verification, verify

__all__ = [
    "SYSTEM",
    "AuditEntry",
    "AuditFilter",
    "BadLink",
    "Sealer",
    "SecretInAudit",
    "Verification",
    "entries",
    "record",
    "secret_names",
    "verify",
]
