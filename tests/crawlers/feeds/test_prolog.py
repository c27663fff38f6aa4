from __future__ import annotations

import pytest

from crawlers.errors import UnreadableFeed
from crawlers.feeds.prolog import strip_prolog


@pytest.mark.parametrize(
    "prolog",
    [
        "",
        " \n\ufeff",
        "<?xml version='1.0'?>\n<?xml-stylesheet href='<rss>'?>",
        "<!-- <rss> --> <!---->",
        "<!DOCTYPE rss>",
        "<!doctype rss SYSTEM 'a.dtd' [ <!ELEMENT rss ANY> ] >",
        "Warning: odd > things\n<?xml version='1.0'?>",
    ],
)
def test_whatever_stands_before_the_root_is_taken_off(prolog: str) -> None:
    assert strip_prolog(f"{prolog}<rss a='1'>x") == ("<rss a='1'>x", "rss")


@pytest.mark.parametrize(
    "document",
    [
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
        "<!-- x --><!DOCTYPE a [ <!entity % b SYSTEM 'file:///c'> ]><a/>",
        "<!DOCTYPE a [<!ENTITY b 'c'",
    ],
)
def test_entity_definitions_are_refused(document: str) -> None:
    with pytest.raises(UnreadableFeed, match="entities"):
        strip_prolog(document)


@pytest.mark.parametrize("document", ["<?xml", "<!-- x", "<!DOCTYPE a", "<!DOCTYPE a [ ]"])
def test_a_prolog_that_never_ends_is_named(document: str) -> None:
    with pytest.raises(UnreadableFeed, match="never ends"):
        strip_prolog(document)


def test_endless_comments_are_given_up() -> None:
    with pytest.raises(UnreadableFeed, match="never ends"):
        strip_prolog("<!---->" * 2_000 + "<rss/>")


@pytest.mark.parametrize("document", ["", "hello", "<1>", "x" * 5_000 + "<rss>"])
def test_a_document_without_a_root_is_named(document: str) -> None:
    with pytest.raises(UnreadableFeed, match="neither XML nor JSON"):
        strip_prolog(document)
