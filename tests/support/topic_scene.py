"""Posts of three themes, made by a seeded draw: small enough to fit in a moment."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from nlp.topics import TopicPost

DAY = datetime(2026, 3, 2, tzinfo=UTC)
FOOD = ("酸奶", "变质", "腹泻", "食品", "保质期", "冷链", "发霉", "异味")
PARCEL = ("快递", "包裹", "延误", "驿站", "派送", "物流", "破损", "签收")
PHONE = ("手机", "电池", "屏幕", "发烫", "充电", "系统升级", "卡顿", "死机")
RAIN = ("暴雨", "积水", "停运", "地铁", "预警", "内涝", "绕行", "改签")
THEMES = (FOOD, PARCEL, PHONE)


def theme_posts(
    *themes: tuple[str, ...], each: int = 60, seed: int = 1, words: int = 5
) -> list[TopicPost]:
    """`each` posts of each theme in turn, of so many words, an hour and an author to every four."""
    draw = random.Random(seed)
    chosen = themes or THEMES
    posts = []
    for turn in range(each):
        for place, theme in enumerate(chosen):
            number = turn * len(chosen) + place
            posts.append(
                TopicPost(
                    id=f"p{number}",
                    words=tuple(draw.sample(theme, words)),
                    author=f"{place}-{turn // 4}",
                    at=DAY + timedelta(minutes=20 * number),
                    story=f"{place}-{turn // 10}",
                )
            )
    return posts


def theme_of(words: tuple[str, ...] | list[str]) -> int | None:
    """Which of THEMES most of the words belong to."""
    hits = [len(set(words).intersection(theme)) for theme in THEMES]
    return None if max(hits) == 0 else hits.index(max(hits))
