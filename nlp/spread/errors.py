"""Errors of copies and spread.

NlpError
└── BadGrowthWeights   the shipped weights of size prediction are missing or of another version
"""

from __future__ import annotations

from nlp.errors import NlpError


class BadGrowthWeights(NlpError):
    """The weights cannot be used; the message names the file and what to do."""
