"""What a moderation system is told about a text: pass, review or block, and why."""

from __future__ import annotations

from service.moderation.classify import ClassifyItem, classify_item
from service.moderation.policy import Suggestion, Verdict, decide

__all__ = ["ClassifyItem", "Suggestion", "Verdict", "classify_item", "decide"]
