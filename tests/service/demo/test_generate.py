"""The bundled stream: reproducible, well formed, and telling the story its README tells."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nlp.lexicon import load_lexicon
from nlp.text.normalizer import normalize
from service.demo import stream_path
from service.demo.generate import (
    CRISIS_BEGINS,
    DAYS,
    ENDS,
    FIRST_DAY,
    REFUND_BEGINS,
    generate,
    main,
    packed,
)

REQUIRED = {"source", "native_id", "published_at", "text"}
KNOWN = REQUIRED | {
    *("url", "title", "author", "engagement", "parent_id", "repost_of", "rating", "lang"),
    *("channel", "synthetic"),
}
CHANNELS = {"social", "in_app", "third_party", "news", "chat_group", "owned"}


@pytest.fixture(scope="module")
def posts() -> list[dict[str, Any]]:
    """The generated stream, parsed, with instants for texts."""
    parsed = [json.loads(line) for line in generate()]
    for post in parsed:
        post["at"] = datetime.fromisoformat(post["published_at"])
    return parsed


def between(posts: list[dict[str, Any]], start: datetime, span: timedelta) -> list[dict[str, Any]]:
    return [post for post in posts if start <= post["at"] < start + span]


def about_the_brand(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [post for post in posts if "澄屿" in post["text"] or post.get("repost_of")]


def categories(posts: list[dict[str, Any]]) -> Counter[str]:
    """How many of the posts hit each lexicon category."""
    found: Counter[str] = Counter()
    for post in posts:
        hits = load_lexicon().match(normalize(post["text"]))
        found.update({hit.category for hit in hits if hit.suppressed_by is None})
    return found


def test_same_seed_gives_the_same_bytes() -> None:
    assert packed(7) == packed(7)


def test_another_seed_gives_another_stream() -> None:
    assert list(generate(7)) != list(generate(8))


def test_bundled_stream_is_what_the_script_makes() -> None:
    bundled = gzip.decompress(stream_path().read_bytes()).decode("utf-8")

    assert bundled.splitlines() == list(generate()), "run python -m service.demo.generate"


def test_bundled_stream_is_small() -> None:
    assert stream_path().stat().st_size <= 1_200_000


def test_lines_have_the_contract_s_keys(posts: list[dict[str, Any]]) -> None:
    wrong = [post for post in posts if not post.keys() >= REQUIRED or post.keys() - KNOWN - {"at"}]

    assert wrong == []


def test_every_line_says_that_it_is_synthetic(posts: list[dict[str, Any]]) -> None:
    assert all(post["synthetic"] is True for post in posts)


def test_channels_are_those_of_the_contract(posts: list[dict[str, Any]]) -> None:
    assert {post["channel"] for post in posts} <= CHANNELS


def test_native_ids_are_unique(posts: list[dict[str, Any]]) -> None:
    assert len({post["native_id"] for post in posts}) == len(posts)


def test_posts_stand_in_order_of_time(posts: list[dict[str, Any]]) -> None:
    instants = [post["at"] for post in posts]

    assert instants == sorted(instants)


def test_reposts_and_answers_follow_what_they_speak_of(posts: list[dict[str, Any]]) -> None:
    seen: set[str | None] = set()
    for post in posts:
        assert {post.get("repost_of"), post.get("parent_id")} - {None} <= seen
        seen.add(post["native_id"])


def test_five_days_end_eight_hours_into_the_crisis(posts: list[dict[str, Any]]) -> None:
    assert posts[0]["at"].date() == FIRST_DAY
    assert (posts[-1]["at"].date() - FIRST_DAY).days == DAYS - 1
    assert timedelta(minutes=-10) < posts[-1]["at"] - ENDS < timedelta(0)


def test_there_is_enough_ordinary_talk(posts: list[dict[str, Any]]) -> None:
    calm = [post for post in posts if post["at"] < CRISIS_BEGINS]

    assert len(calm) >= 5_600


def test_several_sources_speak(posts: list[dict[str, Any]]) -> None:
    counts = Counter(post["source"] for post in posts)

    assert len(counts) >= 6
    assert counts["weibo"] < 0.85 * len(posts)


def test_nights_are_quieter_than_evenings(posts: list[dict[str, Any]]) -> None:
    hours = Counter(post["at"].hour for post in posts if post["at"] < CRISIS_BEGINS)

    assert hours[3] * 5 < hours[20]


def test_most_texts_are_distinct(posts: list[dict[str, Any]]) -> None:
    texts = [post["text"] for post in posts if "repost_of" not in post]

    assert len(set(texts)) >= 0.9 * len(texts)


def test_many_reposts_say_nothing_of_their_own(posts: list[dict[str, Any]]) -> None:
    reposts = [post for post in posts if "repost_of" in post]
    bare = [post for post in reposts if post["text"] == "转发微博"]

    assert len(reposts) > 500
    assert 0.3 < len(bare) / len(reposts) < 0.7


def test_ordinary_talk_rarely_hits_the_lexicon(posts: list[dict[str, Any]]) -> None:
    calm = [post for post in posts if post["at"] < REFUND_BEGINS]

    assert 0 < categories(calm).total() < 0.02 * len(calm)


def test_ordinary_talk_has_nobody_hurt(posts: list[dict[str, Any]]) -> None:
    calm = [post for post in posts if post["at"] < CRISIS_BEGINS]

    assert categories(calm).keys().isdisjoint({"injury", "contamination", "recall"})


def test_refund_episode_is_a_burst_of_money_words(posts: list[dict[str, Any]]) -> None:
    episode = between(posts, REFUND_BEGINS, timedelta(minutes=90))
    found = categories(episode)

    assert 40 <= found["refund_refusal"] + found["price_discrimination"] <= 90


def test_first_crisis_post_hits_injury(posts: list[dict[str, Any]]) -> None:
    first = next(post for post in posts if post["at"] >= CRISIS_BEGINS)

    assert "injury" in categories([first])


def test_crisis_starts_slowly_then_grows_and_declines(posts: list[dict[str, Any]]) -> None:
    def volume(minutes: int) -> int:
        start = CRISIS_BEGINS + timedelta(minutes=minutes)
        return len(about_the_brand(between(posts, start, timedelta(minutes=30))))

    before, first, third_hour, last = volume(-30), volume(0), volume(160), volume(445)

    assert first < 2.5 * before
    assert third_hour > 4 * before
    assert 110 <= third_hour <= 220
    assert last < third_hour / 2


def test_crisis_brings_regulator_media_and_boycott(posts: list[dict[str, Any]]) -> None:
    found = categories([post for post in posts if post["at"] >= CRISIS_BEGINS])

    assert {"injury", "contamination", "regulator", "media_exposure", "boycott"} <= found.keys()


def test_verified_press_reports_on_the_crisis(posts: list[dict[str, Any]]) -> None:
    crisis = [post for post in posts if post["at"] >= CRISIS_BEGINS]

    assert any(post["author"]["verified"] and "记者" in post["text"] for post in crisis)


def test_command_writes_the_stream_where_it_is_told(tmp_path: Path) -> None:
    out = tmp_path / "other.jsonl.gz"

    result = CliRunner().invoke(main, ["--seed", "7", str(out)])

    assert result.exit_code == 0
    assert out.read_bytes() == packed(7)
