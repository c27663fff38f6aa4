"""What goes when its time has come, or when somebody asks: posts, authors, rows nobody needs."""

from __future__ import annotations

from service.retention.erasure import AllTraces, Erased, ErasureJob, request_erasure
from service.retention.posts import AllOldTraces, PostRetention
from service.retention.pruning import Pruning

__all__ = [
    "AllOldTraces",
    "AllTraces",
    "Erased",
    "ErasureJob",
    "PostRetention",
    "Pruning",
    "request_erasure",
]
