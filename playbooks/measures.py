"""The base measures: each number that rules may read, defined once; facts are made of them.

A fact is a measure of a part of the posts over a window: `negative` posts in `1h`, the share of
those about injuries in `24h`. docs/measures.md lists all of them, and is written from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from playbooks.post_parts import EVERY, MOODS, NEGATIVE, PARTS, Part


class Window(StrEnum):
    """The time that ends now."""

    TEN_MINUTES = "10m"
    HOUR = "1h"
    DAY = "24h"


_ALWAYS: tuple[Window | None, ...] = (None,)
_EACH = (Window.TEN_MINUTES, Window.HOUR, Window.DAY)
_LONG = (Window.HOUR, Window.DAY)
_HOUR = (Window.HOUR,)
_ALL = (EVERY,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number: its name and one sentence, in Chinese and in English, and what it is made from.

    `{part}` stands in both for the part's name. A window of None is the instant itself.
    """

    id: str
    unit: str
    zh: str
    en: str
    says_zh: str
    says: str
    source: str
    windows: tuple[Window | None, ...] = _ALWAYS
    parts: tuple[Part, ...] = _ALL

    def fact(self, part: Part, window: Window | None) -> str:
        """The name that rules use: `negative_1h`, `injury_share_24h`, `history_h`."""
        prefix = f"{part.id}_" if part.id else ""
        base = part.counted if self.id == POSTS else prefix + self.id
        return base if window is None else f"{base}_{window}"

    def title(self, part: Part) -> tuple[str, str]:
        """The name in Chinese and in English, without the window."""
        zh = self.zh.replace("{part}", part.zh)
        en = " ".join(self.en.replace("{part}", part.en).split())
        return zh, en[:1].upper() + en[1:]


POSTS = "posts"


def _measure(
    name: str,
    unit: str,
    title: tuple[str, str],
    says: tuple[str, str],
    source: str,
    windows: tuple[Window | None, ...] = _ALWAYS,
    parts: tuple[Part, ...] = _ALL,
) -> Measure:
    return Measure(
        id=name,
        unit=unit,
        zh=title[0],
        en=title[1],
        says_zh=says[0],
        says=says[1],
        source=source,
        windows=windows,
        parts=parts,
    )


MEASURES: tuple[Measure, ...] = (
    _measure(
        POSTS,
        "posts",
        ("{part}帖数", "{part} posts"),
        ("窗口内发布的帖的条数。", "Posts that were published inside the window."),
        "posts",
        _EACH,
        PARTS,
    ),
    _measure(
        "share",
        "0–1",
        ("{part}占比", "share of {part} posts"),
        ("占全部帖的比例；没有帖时未知。", "Share of all posts; None without posts."),
        "posts",
        _LONG,
        tuple(part for part in PARTS if part is not EVERY),
    ),
    _measure(
        "expected",
        "posts",
        ("通常{part}帖数", "usual {part} posts"),
        (
            "这个钟点、或一整天通常有几条；没有历史时未知，整天需三天历史。",
            "What this hour, or a day, usually brings; None without history, of days below three.",
        ),
        "baseline",
        _LONG,
        MOODS,
    ),
    _measure(
        "times_usual",
        "ratio",
        ("{part}帖为平时的倍数", "{part} posts, times the usual"),
        (
            "条数除以通常的条数（至少按一条算）；没有历史时未知。",
            "Posts over the usual ones, which count as one at least; None without history.",
        ),
        "baseline",
        _LONG,
        MOODS,
    ),
    _measure(
        "burst_score",
        "0–1",
        ("{part}声量异常程度", "unusual volume of {part} posts"),
        (
            "这一小时的量按自身基线有多罕见；零点九七约为千分之一。",
            "How improbable the hour's volume is against its baseline; 0.97 is one in a thousand.",
        ),
        "baseline",
        _HOUR,
        MOODS,
    ),
    _measure(
        "velocity",
        "ratio",
        ("{part}帖加速度", "acceleration of {part} posts"),
        (
            "近十分钟折算成每小时，除以近一小时（至少一条）；一为匀速，最大为六。",
            "Ten minutes taken as an hour over the last hour (one post at least): 1 is steady, "
            "6 the most.",
        ),
        "posts",
        _ALWAYS,
        MOODS,
    ),
    _measure(
        "monitor_share",
        "0–1",
        ("占整个方案{part}帖的比例", "share of the monitor's {part} posts"),
        (
            "本场景的帖占整个方案的比例；方案没有帖时未知。",
            "The scenario's part of the whole monitor; None where that has no posts.",
        ),
        "posts",
        _LONG,
        (EVERY, NEGATIVE),
    ),
    _measure(
        "distinct",
        "texts",
        ("不同文案数", "different wordings"),
        ("抄来转去算一种的文案数。", "Copy groups: copies of one text count once."),
        "copies",
        _EACH,
    ),
    _measure(
        "copies_share",
        "0–1",
        ("同文占比", "share of copies"),
        ("一减不同文案数除以帖数；没有帖时未知。", "1 − distinct / posts; None without posts."),
        "copies",
        _LONG,
    ),
    _measure(
        "largest_group",
        "posts",
        ("最大同文组帖数", "posts of the most copied text"),
        ("被抄转最多的那段文字的帖数。", "Posts of the copy group with most posts."),
        "copies",
        _LONG,
    ),
    _measure(
        "largest_group_share",
        "0–1",
        ("最大同文组占比", "share of the most copied text"),
        ("最大同文组占全部帖的比例。", "The largest copy group / all; None without posts."),
        "copies",
        _LONG,
    ),
    _measure(
        "coordination",
        "0–1",
        ("疑似协同程度", "signs of one hand"),
        (
            "最大同文组像一只手所为的程度；不足十条时未知。",
            "How far the largest copy group looks like the work of one hand; None below 10 posts.",
        ),
        "spread",
        _HOUR,
    ),
    _measure(
        "predicted_size",
        "posts",
        ("预计最终帖数", "expected posts in the end"),
        (
            "最大同文组最终预计的帖数；不足十条、头半小时内或比学过的都大时未知。",
            "What the largest copy group is expected to come to; None below 10 posts, in its first "
            "half hour, and where it is larger than what was learned from.",
        ),
        "spread",
    ),
    _measure(
        "authors",
        "authors",
        ("发帖人数", "authors"),
        ("不同的发帖人；来源不给作者时未知。", "Distinct; None when the source names none."),
        "authors",
        _EACH,
    ),
    _measure(
        "posts_per_author",
        "ratio",
        ("人均帖数", "posts for each author"),
        ("帖数除以发帖人数；来源不给作者时未知。", "Posts / authors; None without authors."),
        "authors",
        _LONG,
    ),
    _measure(
        "new_authors",
        "authors",
        ("新发帖人数", "new authors"),
        (
            "此前三十天没在本方案发过帖的人；平静时、超过五百人或没有作者时未知。",
            "Without a post under the monitor in the 30 days before; None in calm, above 500 "
            "authors, and when the source names none.",
        ),
        "authors",
        _HOUR,
    ),
    _measure(
        "new_author_share",
        "0–1",
        ("新发帖人占比", "share of new authors"),
        ("新发帖人除以发帖人数；其一未知则未知。", "New authors / authors; None where either is."),
        "authors",
        _HOUR,
    ),
    _measure(
        "sources",
        "sources",
        ("来源平台数", "platforms"),
        ("出现帖的不同平台数。", "Distinct platforms."),
        "posts",
        _EACH,
    ),
    _measure(
        "sources_dark",
        "sources",
        ("看不见的来源数", "sources that cannot be seen"),
        (
            "眼下看不见、又占方案一成以上帖的来源；无人看守时未知。",
            "That cannot be seen now and bring a tenth of the monitor's posts; None where not "
            "watched.",
        ),
        "coverage",
    ),
    _measure(
        "reach",
        "followers",
        ("粉丝总数", "followers in all"),
        ("发帖人的粉丝之和，每人一次。", "Sum over the authors' followers, each author once."),
        "authors",
        _EACH,
    ),
    _measure(
        "engagement",
        "acts",
        ("转评赞总数", "reposts, comments and likes"),
        ("转发、评论与点赞，按最近一次计数。", "Reposts + comments + likes, as last counted."),
        "engagement",
        _EACH,
    ),
    _measure(
        "engagement_per_post",
        "acts",
        ("帖均转评赞", "reposts, comments and likes of a post"),
        ("转评赞总数除以帖数；没有帖时未知。", "Engagement / posts; None without posts."),
        "engagement",
        _LONG,
    ),
    _measure(
        "severity_max",
        "0–5",
        ("最高严重度", "worst severity"),
        ("词库给出的最高严重度。", "The worst severity of the lexicon."),
        "lexicon",
        _EACH,
    ),
    _measure(
        "severity_weighted",
        "points",
        ("严重度总和", "severities added up"),
        ("各帖词库严重度之和。", "Sum of the posts' lexicon severities."),
        "lexicon",
        _EACH,
    ),
    _measure(
        "severity_mean",
        "0–5",
        ("平均严重度", "mean severity"),
        ("严重度总和除以帖数；没有帖时未知。", "Severities / posts; None without posts."),
        "lexicon",
        _LONG,
    ),
    _measure(
        "first_post_age_m",
        "minutes",
        ("距首帖（分钟）", "minutes since the first post"),
        (
            "一天内首帖发布至今的分钟数；没有时未知。",
            "Since the first post of the segment within 24 h; None without.",
        ),
        "posts",
    ),
    _measure(
        "minutes_since_onset",
        "minutes",
        ("距升温（分钟）", "minutes since it flared up"),
        (
            "一天内异常的十分钟格连成一串，从它开始至今；平静时未知。",
            "Since the run of unusual 10-minute buckets began, within 24 h: of all posts, or of "
            "the negative ones where only these are unusual; None in calm.",
        ),
        "baseline",
    ),
    _measure(
        "contained",
        "bool",
        ("已回落到平常水平", "back to the usual"),
        (
            "这一小时的负面量和占比回到平常。",
            "Negative volume and share of the hour are back to what is usual.",
        ),
        "baseline",
    ),
    _measure(
        "monitor_contained",
        "bool",
        ("整个方案已回落到平常水平", "the whole monitor is back to the usual"),
        (
            "整个方案这一小时的负面量和占比回到平常。",
            "Negative volume and share of the monitor's hour are back to what is usual.",
        ),
        "baseline",
    ),
    _measure(
        "history_h",
        "hours",
        ("监测时长（小时）", "hours watched"),
        ("本方案历史的长度。", "Length of the monitor's history."),
        "monitor",
    ),
    _measure(
        "has_brand",
        "bool",
        ("属于某个品牌", "belongs to a brand"),
        ("方案属于某个品牌。", "The monitor belongs to a brand."),
        "monitor",
    ),
)
