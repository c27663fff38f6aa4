"""Feeds of every dialect, from bytes to entries in plain text."""

from crawlers.feeds.entry import Feed, FeedEntry
from crawlers.feeds.reader import read_feed

__all__ = ["Feed", "FeedEntry", "read_feed"]
