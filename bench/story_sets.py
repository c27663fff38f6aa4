"""Streams of posts whose stories are known: cascades, paraphrases, the bundled demo."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson

from nlp import Analyzer, whole_text
from nlp.stories import StoryPost, words_of
from service.demo import stream_path
from service.demo.cast import Cast
from service.demo.crisis import Crisis
from service.demo.generate import CRISIS_BEGINS, REFUND_BEGINS, SEED
from service.demo.refund import refund_episode

START = datetime(2020, 3, 2, tzinfo=UTC)
_WEEK = timedelta(days=7)
_CLAUSE = re.compile(r"[，,。！？!?；;\n]+")
_SWAPS = (
    ("今天", "今日"), ("什么", "啥"), ("非常", "特别"), ("觉得", "感觉"), ("知道", "晓得"),
    ("喜欢", "爱"), ("现在", "眼下"), ("因为", "由于"), ("但是", "不过"), ("没有", "没"),
    ("大家", "各位"), ("希望", "盼望"), ("时候", "之际"), ("可以", "能"), ("已经", "早已"),
)  # fmt: skip
_REMARKS = (
    "刚看到",
    "说说我的看法",
    "转述一下",
    "听朋友讲",
    "有人知道吗",
    "大家怎么看",
    "补充一点",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledStream:
    """Posts by time; `labels` by post id, a post alone of its label belongs to no story."""

    name: str
    posts: Sequence[StoryPost]
    labels: Mapping[str, str]

    @property
    def in_stories(self) -> list[str]:
        """Ids of posts whose label another post has too."""
        seen: dict[str, list[str]] = {}
        for post in self.posts:
            seen.setdefault(self.labels[post.id], []).append(post.id)
        return [name for group in seen.values() if len(group) > 1 for name in group]

    def without_links(self) -> LabelledStream:
        """The same without what a repost says of the post that it shares."""
        return replace(
            self,
            name=f"{self.name}, no links",
            posts=[replace(post, shares=None) for post in self.posts],
        )


@dataclass(frozen=True, slots=True)
class _Line:
    id: str
    at: datetime
    text: str
    label: str
    shares: str | None = None
    source: str = "weibo"


def demo(analyzer: Analyzer) -> LabelledStream:
    """The bundled stream: its crisis and its refund trouble; every other post stands alone."""
    cast = Cast(Random(f"{SEED}:cast"))
    crisis = Crisis(CRISIS_BEGINS, cast=cast, rng=Random(f"{SEED}:crisis")).drafts()
    refund = refund_episode(REFUND_BEGINS, cast=cast, rng=Random(f"{SEED}:refund"))
    known = {
        (draft.at.replace(microsecond=0), draft.text): label
        for label, drafts in (("crisis", crisis), ("refund", refund))
        for draft in drafts
    }
    lines = []
    for row in _rows(stream_path()):
        at, name = datetime.fromisoformat(row["published_at"]), row["native_id"]
        label = known.get((at, row["text"]), name)
        text = whole_text(row["text"], title=row.get("title"))
        lines.append(_Line(name, at, text, label, row.get("repost_of"), row["source"]))
    return _stream("demo", lines, analyzer)


def cascades(
    data: Path, analyzer: Analyzer, *, count: int, background: int, longest: int, seed: int = 5
) -> LabelledStream:
    """Real repost cascades at random times of a week, in other posts of that week.

    The files hold only what each repost adds to the text that it shares.
    """
    rng = random.Random(seed)
    lines = _background(data, rng, count=background)
    files = sorted((data / "streams/cascades").glob("*.jsonl.gz"))
    for file in rng.sample(files, k=min(count, len(files))):
        rows = list(_rows(file))[:longest]
        shift = START + rng.random() * _WEEK - datetime.fromisoformat(rows[0]["published_at"])
        for row in rows:
            at = datetime.fromisoformat(row["published_at"]) + shift
            if at < START + _WEEK:
                lines.append(
                    _Line(row["native_id"], at, row["text"], file.stem, row.get("repost_of"))
                )
    return _stream("cascades", lines, analyzer)


def paraphrases(
    data: Path, analyzer: Analyzer, *, count: int, background: int, seed: int = 11
) -> LabelledStream:
    """Posts said again in part, in another order and in other words, within twelve hours."""
    rng = random.Random(seed)
    lines = _background(data, rng, count=background)
    long = [line for line in lines if len(_CLAUSE.split(line.text)) >= 6][:count]
    for line in long:
        for number in range(rng.randint(3, 9)):
            at = line.at + timedelta(hours=12 * rng.random())
            lines.append(_Line(f"{line.id}.{number}", at, paraphrase(line.text, rng), line.id))
    return _stream("paraphrases", lines, analyzer)


def paraphrase(text: str, rng: random.Random) -> str:
    """Some clauses dropped, two exchanged, common words replaced, maybe a remark before."""
    clauses = [clause for clause in _CLAUSE.split(text) if clause.strip()]
    kept = [clause for clause in clauses if rng.random() > 0.35] or clauses[:1]
    if len(kept) > 2:
        first, second = rng.sample(range(len(kept)), k=2)
        kept[first], kept[second] = kept[second], kept[first]
    said = "，".join(kept)
    for old, new in _SWAPS:
        if rng.random() < 0.7:
            said = said.replace(old, new)
    return f"{rng.choice(_REMARKS)}，{said}" if rng.random() < 0.5 else said


def _background(data: Path, rng: random.Random, *, count: int) -> list[_Line]:
    rows = list(_rows(data / "topics/weibo_2020.jsonl.gz"))
    return [
        _Line(f"b{number}", START + rng.random() * _WEEK, row["text"], f"b{number}")
        for number, row in enumerate(rng.sample(rows, k=count))
    ]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield orjson.loads(line)


def _stream(name: str, lines: Sequence[_Line], analyzer: Analyzer) -> LabelledStream:
    ordered = sorted(lines, key=lambda line: (line.at, line.id))
    posts = []
    analyses = analyzer.analyze_batch([line.text for line in ordered])
    for line, analysis in zip(ordered, analyses, strict=True):
        words = words_of(analysis.normal, analysis.tokens)
        posts.append(
            StoryPost(
                id=line.id,
                at=line.at,
                space=analysis.versions.get("encoder", ""),
                vector=analysis.vector,
                terms=words.terms,
                entities=words.entities,
                copy_group=analysis.copy_key.exact,
                shares=line.shares,
                source=line.source,
                sentiment=analysis.sentiment.label if analysis.sentiment else None,
                length=len(line.text),
            )
        )
    return LabelledStream(name=name, posts=posts, labels={line.id: line.label for line in ordered})
