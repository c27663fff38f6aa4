"""What a moderation system is told about a text: pass, review or block, and why."""

from __future__ import annotations

from service.moderation.classify import answer_of
from service.moderation.encoder import Encoder, open_analyzer, open_encoder, served_folder
from service.moderation.item import ClassifyItem
from service.moderation.policy import Suggestion, Verdict, decide
from service.moderation.reader import Batched, Inline, TextReader

__all__ = [
    "Batched",
    "ClassifyItem",
    "Encoder",
    "Inline",
    "Suggestion",
    "TextReader",
    "Verdict",
    "answer_of",
    "decide",
    "open_analyzer",
    "open_encoder",
    "served_folder",
]
