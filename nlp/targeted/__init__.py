"""Sentiment towards whom: which of the named entities a post's bad news is about."""

from nlp.targeted.aboutness import Aboutness, Verdict, about
from nlp.targeted.entity import Entity
from nlp.targeted.errors import BadTargetedWeights
from nlp.targeted.targets import TargetedSentiment, targets
from nlp.targeted.weights import Weights, load_weights, read_weights

__all__ = [
    "Aboutness",
    "BadTargetedWeights",
    "Entity",
    "TargetedSentiment",
    "Verdict",
    "Weights",
    "about",
    "load_weights",
    "read_weights",
    "targets",
]
