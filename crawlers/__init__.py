"""Getting public posts: what a post is, where posts come from, when to ask again.

A leaf: it knows nothing of language, incidents or databases. The HTTP side is `crawlers.fetch`.
"""

from crawlers.cadence import Activity, Cadence, CadenceDecision, CadenceReason, next_due
from crawlers.change import Change, KnownPost, classify_change, merge_engagement
from crawlers.checkpoint import Checkpoint, CheckpointStore, MemoryCheckpoints
from crawlers.engine import Engine, Forget, PullReport, Sink
from crawlers.errors import BadPost, BadSettings, CrawlError, SinkClosed, UnknownKind
from crawlers.fields import clean_text
from crawlers.health import Health, HealthState, assess_health
from crawlers.heat import (
    Heat,
    Looks,
    NextLook,
    acts,
    first_look,
    has_risen,
    next_look,
    requests_an_hour,
)
from crawlers.jsonl import RejectedLine, parse_line, read_jsonl
from crawlers.kind import Basis, SourceKind
from crawlers.markup import html_to_text
from crawlers.observation import Observe, ignore
from crawlers.post import Author, Channel, Engagement, Post, PostKey
from crawlers.rate import RateLimit
from crawlers.registry import build_source, kinds
from crawlers.source import (
    Backfills,
    Blocked,
    Cursor,
    Failed,
    Fetcher,
    FetchResult,
    NotModified,
    Ok,
    OkEmpty,
    Outcome,
    Reread,
    Rereads,
    Response,
    SchemaDrift,
    Source,
    Unread,
    outcome_of,
)
from crawlers.wire import parse_post, parse_wire, post_to_wire

__all__ = [
    "Activity",
    "Author",
    "Backfills",
    "BadPost",
    "BadSettings",
    "Basis",
    "Blocked",
    "Cadence",
    "CadenceDecision",
    "CadenceReason",
    "Change",
    "Channel",
    "Checkpoint",
    "CheckpointStore",
    "CrawlError",
    "Cursor",
    "Engagement",
    "Engine",
    "Failed",
    "FetchResult",
    "Fetcher",
    "Forget",
    "Health",
    "HealthState",
    "Heat",
    "KnownPost",
    "Looks",
    "MemoryCheckpoints",
    "NextLook",
    "NotModified",
    "Observe",
    "Ok",
    "OkEmpty",
    "Outcome",
    "Post",
    "PostKey",
    "PullReport",
    "RateLimit",
    "RejectedLine",
    "Reread",
    "Rereads",
    "Response",
    "SchemaDrift",
    "Sink",
    "SinkClosed",
    "Source",
    "SourceKind",
    "UnknownKind",
    "Unread",
    "acts",
    "assess_health",
    "build_source",
    "classify_change",
    "clean_text",
    "first_look",
    "has_risen",
    "html_to_text",
    "ignore",
    "kinds",
    "merge_engagement",
    "next_due",
    "next_look",
    "outcome_of",
    "parse_line",
    "parse_post",
    "parse_wire",
    "post_to_wire",
    "read_jsonl",
    "requests_an_hour",
]
