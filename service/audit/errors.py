"""SecretInAudit: a programming error, somebody tried to write a secret into the audit trail."""

from __future__ import annotations

from service.errors import ServiceError


class SecretInAudit(ServiceError):
    """The trail is read by many and kept for years, so secrets never enter it."""

    code = "secret_in_audit"
