"""Errors of topics.

NlpError
└── TopicError
    ├── NothingToLearn   the posts give no topics: too few different ones, or no words of content
    ├── BadTopicModel    kept bytes are no model of ours, or one of a version we do not read
    └── FitCancelled     somebody asked the fit to stop; nothing was made
"""

from __future__ import annotations

from nlp.errors import NlpError


class TopicError(NlpError):
    """Root of what goes wrong with topics."""


class NothingToLearn(TopicError):
    """There are fewer different posts than topics, or no word that more than one of them uses."""


class BadTopicModel(TopicError):
    """The bytes of a model are damaged or of another version: fit a new one."""


class FitCancelled(TopicError):
    """The fit was stopped before it was done; an earlier model goes on serving."""
