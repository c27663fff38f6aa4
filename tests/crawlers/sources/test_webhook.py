from __future__ import annotations

from typing import Any

import pytest

from crawlers import BadSettings, Failed, OkEmpty, build_source
from crawlers.errors import UnreadableAnswer
from crawlers.sources.webhook import WebhookSource
from tests.crawlers.sources.source_site import START
from tests.support.fetching import FakeFetcher

SETTINGS = {
    "platform": "tickets",
    "channel": "in_app",
    "lang": "zh",
    "rows": "complaints[]",
    "fields": {
        "native_id": "no",
        "published_at": "at",
        "text": "said",
        "author.id": "by.id",
        "engagement.likes": "likes",
        "extra.shop": "shop",
    },
    "proof": "bearer",
    "secret": "a-long-enough-secret",
}
ROW = {
    "no": 7,
    "at": "2026-03-01 12:30",
    "said": "三天没发货",
    "by": {"id": "u1"},
    "likes": "1.2万",
}


def source(**changed: Any) -> WebhookSource:
    built = build_source("webhook", "hook", {**SETTINGS, **changed}, now=lambda: START)
    assert isinstance(built, WebhookSource)
    return built


def test_a_body_is_read_by_its_mapping() -> None:
    [post] = source().read({"complaints": [{**ROW, "shop": "s1"}]}).posts
    assert (post.source, post.native_id, post.channel) == ("tickets", "7", "in_app")
    assert post.published_at.isoformat() == "2026-03-01T04:30:00+00:00"
    assert (post.text, post.lang, post.engagement.likes) == ("三天没发货", "zh", 12_000)
    assert post.extra == {"shop": "s1"}
    assert post.author is not None
    assert post.author.id == "u1"


def test_one_thing_without_a_list_is_a_row() -> None:
    assert len(source(rows="@").read(ROW).posts) == 1


@pytest.mark.parametrize("body", [{}, {"complaints": []}, {"complaints": None}, [], "x", 7])
def test_a_body_without_rows_is_no_error(body: Any) -> None:
    assert source().read(body).posts == ()


def test_bad_rows_are_named_and_the_good_ones_are_read() -> None:
    rows = source().read({"complaints": [{**ROW, "said": None}, ROW, 7]})
    assert len(rows.posts) == 1
    assert [place for place, _ in rows.rejected] == ["row 1", "row 3"]


def test_nothing_that_can_be_read_is_an_error() -> None:
    with pytest.raises(UnreadableAnswer, match="text is missing"):
        source().read({"complaints": [{**ROW, "said": None}]})


def test_too_many_rows() -> None:
    with pytest.raises(UnreadableAnswer, match="1,001 rows"):
        source().read({"complaints": [ROW] * 1_001})


def test_the_time_may_be_that_of_coming() -> None:
    fields = {"native_id": "no", "text": "said"}
    [post] = source(time="observed", fields=fields).read({"complaints": [ROW]}).posts
    assert post.published_at == START


async def test_a_pull_fetches_nothing() -> None:
    fetcher = FakeFetcher([Failed(reason="not used")])
    assert await source().pull({"a": 1}, fetcher) == OkEmpty(cursor={"a": 1})
    assert fetcher.asked == []


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"fields": {"text": "said"}}, "must be mapped"),
        ({"fields": {**SETTINGS["fields"], "nope": "x"}}, "no field"),
        ({"rows": "a["}, "no JMESPath"),
        ({"secret": "short"}, "secret"),
        ({"secret": "a-long-enough-secret short"}, "at least 16"),
        ({"proof": "standard"}, "whsec_"),
        ({"signature_header": "x y"}, "signature_header"),
    ],
)
def test_settings_that_cannot_be_meant(changed: dict[str, Any], key: str) -> None:
    with pytest.raises(BadSettings, match=key):
        source(**changed)


def test_a_secret_is_never_repeated() -> None:
    with pytest.raises(BadSettings) as raised:
        source(secret="tooshort-but-1", rows="a[")
    assert "tooshort" not in str(raised.value)
    assert "a-long-enough" not in repr(source().settings)


@pytest.mark.parametrize(
    ("secret", "said"), [(" " * 16, "nothing but spaces"), ("fsk_" + "a" * 30, "is an API key")]
)
@pytest.mark.parametrize("proof", ["bearer", "hmac", "standard"])
def test_a_secret_that_proves_nothing_is_refused(secret: str, said: str, proof: str) -> None:
    with pytest.raises(BadSettings, match=said):
        source(secret=secret, proof=proof)
