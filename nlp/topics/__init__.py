"""What posts are about: topics fitted by LDA on pooled posts, assigned, followed, weighed by mood.

Importing this loads neither gensim nor scipy; the first fit or comparison does.
"""

from __future__ import annotations

from nlp.topics.assignment import Assigned, assign
from nlp.topics.coherence import coherence, diversity
from nlp.topics.drift import Drift, Match, drift
from nlp.topics.errors import BadTopicModel, FitCancelled, NothingToLearn, TopicError
from nlp.topics.fitting import (
    MOST_TOPICS,
    Fit,
    FitOptions,
    Trial,
    fit_topics,
    update_topics,
)
from nlp.topics.labels import Term, Topic
from nlp.topics.model import TopicModel, dump_model, load_model
from nlp.topics.mood import Carrier, MoodBucket, MoodPost, carriers, mood_series
from nlp.topics.novelty import Novelty, novelty
from nlp.topics.pooling import Pooling
from nlp.topics.post import TopicPost, content_words
from nlp.topics.progress import FitProgress, FitStage, Tell

__all__ = [
    "MOST_TOPICS",
    "Assigned",
    "BadTopicModel",
    "Carrier",
    "Drift",
    "Fit",
    "FitCancelled",
    "FitOptions",
    "FitProgress",
    "FitStage",
    "Match",
    "MoodBucket",
    "MoodPost",
    "NothingToLearn",
    "Novelty",
    "Pooling",
    "Tell",
    "Term",
    "Topic",
    "TopicError",
    "TopicModel",
    "TopicPost",
    "Trial",
    "assign",
    "carriers",
    "coherence",
    "content_words",
    "diversity",
    "drift",
    "dump_model",
    "fit_topics",
    "load_model",
    "mood_series",
    "novelty",
    "update_topics",
]
