"""From the bytes of an answer to a feed, whatever the bytes are."""

from __future__ import annotations

import logging
from datetime import tzinfo

from crawlers.errors import UnreadableFeed
from crawlers.feeds.charset import decode
from crawlers.feeds.entry import Feed
from crawlers.feeds.json_feed import read_json_feed
from crawlers.feeds.xml_feed import read_xml_feed

log = logging.getLogger(__name__)


def read_feed(body: bytes, *, url: str, zone: tzinfo, content_type: str = "") -> Feed:
    """Read a feed of any dialect and encoding; `zone` is meant by dates that name none.

    Raises UnreadableFeed, and nothing else, for bytes that are no feed.
    """
    try:
        text = decode(body, content_type=content_type).lstrip("\ufeff \t\r\n")
        if not text:
            raise UnreadableFeed("an empty body")
        if text.startswith(("{", "[")):
            return read_json_feed(text, url=url, zone=zone)
        return read_xml_feed(text, url=url, zone=zone)
    except UnreadableFeed:
        raise
    except Exception as error:  # a parser of others over bytes of strangers
        log.warning("feed.parser_gave_up", extra={"url": url}, exc_info=True)
        raise UnreadableFeed(f"the parser gave up: {type(error).__name__} {error}"[:200]) from error
