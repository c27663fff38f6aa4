"""What a moderation system is told about a text: pass, review or block, and why."""

from __future__ import annotations

from service.moderation.classify import answer_of
from service.moderation.encoder import Encoder, open_analyzer, open_encoder, served_folder
from service.moderation.item import ClassifyItem
from service.moderation.judge import Forgetful, Judge, alone
from service.moderation.judgement import Judgement
from service.moderation.policies import BadPolicies, Policies, load_policies
from service.moderation.policy import Suggestion, Verdict, decide
from service.moderation.reader import Batched, Inline, TextReader

__all__ = [
    "BadPolicies",
    "Batched",
    "ClassifyItem",
    "Encoder",
    "Forgetful",
    "Inline",
    "Judge",
    "Judgement",
    "Policies",
    "Suggestion",
    "TextReader",
    "Verdict",
    "alone",
    "answer_of",
    "decide",
    "load_policies",
    "open_analyzer",
    "open_encoder",
    "served_folder",
]
