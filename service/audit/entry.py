"""One row of the audit trail, its canonical form and the hash that chains it to the one before."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service.audit.errors import SecretInAudit

GENESIS = "0" * 64
"""Previous hash of the first sealed row."""

_SECRET = re.compile(r"passw|secret|token|credential|api_?key|private_?key|authorization", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what to which thing. `sequence` and the hashes are None until the sealer has come."""

    id: int
    at: datetime
    actor: str
    action: str
    subject_type: str
    subject_id: str
    data: Mapping[str, Any]
    sequence: int | None = None
    previous_hash: str | None = None
    hash: str | None = None


def chain_hash(entry: AuditEntry, *, sequence: int, previous: str) -> str:
    """SHA-256 (hex) over the previous hash and the row's canonical JSON: sorted keys, no spaces."""
    row = {
        "id": entry.id,
        "sequence": sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "data": entry.data,
    }
    text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def secret_names(data: object, path: str = "") -> Iterator[str]:
    """Paths of the keys, anywhere in `data`, that are named like a secret."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            place = f"{path}.{key}" if path else str(key)
            if _SECRET.search(str(key)):
                yield place
            else:
                yield from secret_names(value, place)
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            yield from secret_names(value, f"{path}[{index}]")


def refuse_secrets(data: Mapping[str, Any]) -> None:
    """Raise SecretInAudit when a key anywhere in `data` is named like a secret."""
    for place in secret_names(data):
        raise SecretInAudit(f"data.{place} is named like a secret; leave it out of the audit trail")
