"""Frozen evidence: what shows it, what proves that nobody has touched it since."""

from __future__ import annotations

from service.evidence.checking import Checked, Finding
from service.evidence.desk import EvidenceDesk, FrozenPosts, Verification
from service.evidence.screenshots import MAX_BYTES, Screenshot

__all__ = [
    "MAX_BYTES",
    "Checked",
    "EvidenceDesk",
    "Finding",
    "FrozenPosts",
    "Screenshot",
    "Verification",
]
