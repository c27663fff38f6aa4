"""What can go wrong while weights are made.

TrainingError
├── BadCorpus     a corpus is missing or not of the shape described
├── BadBase       the pretrained weights are missing or not of the format expected
└── BadRecipe     a recipe names what is not there, or a checkpoint is of another recipe
"""

from __future__ import annotations

from nlp.errors import NlpError


class TrainingError(NlpError):
    """Root of the errors of `nlp.training`."""


class BadCorpus(TrainingError):
    """A corpus file is missing or broken."""


class BadBase(TrainingError):
    """Pretrained weights are missing or broken."""


class BadRecipe(TrainingError):
    """A recipe, or the checkpoint found beside it, does not fit."""
