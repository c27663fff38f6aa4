"""Getting bytes from strangers: politely, within limits, and only from where we mean to."""

from crawlers.fetch.address import Network, parse_networks, refusal
from crawlers.fetch.body import read_body
from crawlers.fetch.fetcher import HttpFetcher
from crawlers.fetch.guard import (
    GuardPolicy,
    Resolve,
    check_url,
    guarded_client,
    resolve_by_system,
)
from crawlers.fetch.policy import FetchPolicy
from crawlers.fetch.politeness import PolitenessPolicy
from crawlers.fetch.retry import RetryDecision, RetryPolicy, decide_retry, parse_retry_after
from crawlers.fetch.robots import RobotsPolicy

__all__ = [
    "FetchPolicy",
    "GuardPolicy",
    "HttpFetcher",
    "Network",
    "PolitenessPolicy",
    "Resolve",
    "RetryDecision",
    "RetryPolicy",
    "RobotsPolicy",
    "check_url",
    "decide_retry",
    "guarded_client",
    "parse_networks",
    "parse_retry_after",
    "read_body",
    "refusal",
    "resolve_by_system",
]
