"""Feeds of every dialect, from bytes to entries in plain text; how sites write text and dates."""

from crawlers.feeds.charset import decode
from crawlers.feeds.dates import parse_date
from crawlers.feeds.entry import Feed, FeedEntry
from crawlers.feeds.prolog import strip_prolog
from crawlers.feeds.reader import read_feed

__all__ = ["Feed", "FeedEntry", "decode", "parse_date", "read_feed", "strip_prolog"]
