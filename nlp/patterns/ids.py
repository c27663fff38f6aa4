"""The ids of the twelve semantic patterns, for whoever names one: policies, mappings, tests."""

from __future__ import annotations

from typing import Final

PATTERN_IDS: Final = frozenset(
    (
        "exposure_threat",
        "collective_action",
        "legal_threat",
        "media_contact",
        "bodily_harm_claim",
        "medical_claim",
        "guaranteed_return",
        "self_harm",
        "violence_threat",
        "doxxing",
        "diversion",
        "paid_posting",
    )
)
"""One YAML file each; a test compares them with what ships."""
