"""Errors of targeted sentiment.

NlpError
└── BadTargetedWeights   the shipped weights are missing, altered or of another feature version
"""

from __future__ import annotations

from nlp.errors import NlpError


class BadTargetedWeights(NlpError):
    """The weights cannot be used; the message names the file and what to do."""
