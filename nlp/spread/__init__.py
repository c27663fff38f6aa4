"""How words spread: copies of one text, who passed it on, by how many hands, how far it will go."""

from nlp.spread.cascade import Cascade, Mood, Node, Spreader, trace_cascade
from nlp.spread.coordination import Coordination, Posting, judge_coordination
from nlp.spread.core_text import quoted_names
from nlp.spread.edges import Edge, EdgeKind, EdgeReason, SpreadPost, spread_edges
from nlp.spread.errors import BadGrowthWeights
from nlp.spread.groups import CopyStream, Joined
from nlp.spread.growth import NoPrediction, Prediction, predict_size
from nlp.spread.near_duplicate import copy_key, is_copy

__all__ = [
    "BadGrowthWeights",
    "Cascade",
    "Coordination",
    "CopyStream",
    "Edge",
    "EdgeKind",
    "EdgeReason",
    "Joined",
    "Mood",
    "NoPrediction",
    "Node",
    "Posting",
    "Prediction",
    "SpreadPost",
    "Spreader",
    "copy_key",
    "is_copy",
    "judge_coordination",
    "predict_size",
    "quoted_names",
    "spread_edges",
    "trace_cascade",
]
