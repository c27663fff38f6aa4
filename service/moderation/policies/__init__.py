"""Policies as data: what a finding moves, what is held, what a missing part means."""

from __future__ import annotations

from service.moderation.policies.errors import BadPolicies
from service.moderation.policies.loader import (
    DEFAULT,
    Policies,
    default_policy,
    load_policies,
    read_policies,
)
from service.moderation.policies.model import (
    AccountRules,
    AdvertisementRules,
    ContextRules,
    Family,
    HoldRules,
    Indicator,
    PatternRule,
    Policy,
    SuspicionRules,
    Thresholds,
    Weight,
)

__all__ = [
    "DEFAULT",
    "AccountRules",
    "AdvertisementRules",
    "BadPolicies",
    "ContextRules",
    "Family",
    "HoldRules",
    "Indicator",
    "PatternRule",
    "Policies",
    "Policy",
    "SuspicionRules",
    "Thresholds",
    "Weight",
    "default_policy",
    "load_policies",
    "read_policies",
]
