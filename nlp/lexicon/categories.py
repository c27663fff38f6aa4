"""The lexicon's categories and the scenarios an entry may speak of."""

from __future__ import annotations

CRISIS = frozenset(
    (
        "complaint",
        "quality_defect",
        "injury",
        "contamination",
        "recall",
        "counterfeit",
        "refund_refusal",
        "price_discrimination",
        "privacy_leak",
        "outage",
        "misconduct",
        "wage_arrears",
        "discrimination",
        "false_claim",
        "rumour",
        "boycott",
        "collective_action",
        "regulator",
        "media_exposure",
        "legal_action",
    )
)
MODERATION = frozenset(
    (
        "abuse",
        "hate",
        "sexual",
        "gambling",
        "drugs",
        "fraud",
        "violence",
        "self_harm",
        "diversion",
        "spam",
        "illegal_trade",
        "ad_absolute",
        "medical_claim",
        "finance_claim",
    )
)
CATEGORIES = CRISIS | MODERATION

# Where a negation just before the term means that the thing did not happen: 没有爆炸. It says
# nothing of the kind for a threat or a demand (不投诉不行), so the other categories are not listed.
NEGATABLE = frozenset(
    (
        "injury",
        "contamination",
        "quality_defect",
        "outage",
        "recall",
        "counterfeit",
        "privacy_leak",
        "false_claim",
    )
)

SCENARIOS = (
    "product_quality",
    "safety_incident",
    "policy_dispute",
    "false_advertising",
    "pricing_refunds",
    "service_aftersales",
    "data_privacy",
    "outage",
    "misconduct",
    "labour_dispute",
    "values_discrimination",
    "rumour_smear",
)
"""The twelve, in the order in which a model of ours lists them."""
