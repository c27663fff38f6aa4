"""Many callers, one model: dynamic micro-batching, and the same stages without it."""

from nlp.batching.batcher import Batcher
from nlp.batching.errors import BatchingError, LineClosed, Overloaded
from nlp.batching.limits import Limits
from nlp.batching.phases import Observe, Phase, unobserved
from nlp.batching.stages import Failure, Stages
from nlp.batching.straight import answers

__all__ = [
    "Batcher",
    "BatchingError",
    "Failure",
    "Limits",
    "LineClosed",
    "Observe",
    "Overloaded",
    "Phase",
    "Stages",
    "answers",
    "unobserved",
]
