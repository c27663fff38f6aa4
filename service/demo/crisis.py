"""Day five: glass-like flakes in a bottle, from the first post to eight hours later."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from service.demo.cast import DESKS, EVENING_PAPER, LOCAL_VOICES, MOTHER, Cast, echo
from service.demo.draft import FEDIVERSE, FORUM, NOTES, STORE, WEIBO, Draft, Person
from service.demo.habits import typed
from service.demo.hours import instants
from service.demo.phrasebook import Phrasebook

BUCKET = timedelta(minutes=10)
BUCKETS = 48
QUIET_BUCKETS = (2, 5)
PEAK = 54.0
STEEPNESS = 2.6
HALF_WAY = 7
PEAK_UNTIL = 21
DECLINE = 12.5
NATIVE_REPOST = "转发微博"

# Rule of a voice to its weight, by the bucket from which the mix holds.
MIXES: tuple[tuple[int, Mapping[str, float]], ...] = (
    (0, {"ask_early": 5, "worry": 1, "repost": 2}),
    (2, {"repost": 8, "worry": 4, "angry": 3, "ask_early": 1.5, "copy": 1.5, "joke": 0.5,
         "defend": 0.6, "also": 0.5}),
    (7, {"repost": 11, "angry": 5, "worry": 3, "boycott": 1.6, "copy": 2, "regulator": 1.2,
         "rumour": 1.2, "joke": 1, "defend": 1, "law": 0.7, "also": 0.8, "media_echo": 0.7,
         "card": 0.7, "review": 0.5, "english": 0.25, "forum": 0.4}),
    (16, {"repost": 10.5, "angry": 5, "worry": 2.2, "boycott": 2.4, "copy": 0.9, "regulator": 1.5,
          "rumour": 1.3, "joke": 1.3, "defend": 1.3, "law": 1, "also": 0.7, "media_echo": 0.6,
          "card": 0.7, "review": 0.6, "english": 0.3, "forum": 0.4, "news_followup": 0.3}),
)  # fmt: skip
SOURCE_OF = {"card": NOTES, "review": STORE, "english": FEDIVERSE, "forum": FORUM}
VOICE_OF = {"forum": "angry"}
NOTES_SHARE = 0.14
COMMENT_SHARE = 0.18


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """A post that everybody talks about: when after the first one, who, which telling of what."""

    after: timedelta
    author: Person
    rule: str
    telling: int
    source: str = WEIBO
    title: int | None = None
    pull: float = 1.0


TURNS = (
    _Turn(after=timedelta(0), author=MOTHER, rule="seed", telling=0, pull=6),
    _Turn(after=timedelta(minutes=55), author=MOTHER, rule="second", telling=0, pull=1.5),
    _Turn(after=timedelta(minutes=72), author=EVENING_PAPER, rule="media_first", telling=0, pull=4),
    _Turn(after=timedelta(minutes=79), author=DESKS["news:jiangwan"], rule="media_first",
          telling=0, source="news:jiangwan", title=0),
    _Turn(after=timedelta(minutes=140), author=MOTHER, rule="second", telling=1, pull=2),
    _Turn(after=timedelta(minutes=152), author=EVENING_PAPER, rule="media_first", telling=1,
          pull=3),
    _Turn(after=timedelta(minutes=158), author=DESKS["news:jiangwan"], rule="media_first",
          telling=1, source="news:jiangwan", title=1),
    _Turn(after=timedelta(minutes=248), author=MOTHER, rule="second", telling=2, pull=3),
    _Turn(after=timedelta(minutes=291), author=EVENING_PAPER, rule="media_first", telling=2,
          pull=3),
    _Turn(after=timedelta(minutes=296), author=DESKS["news:jiangwan"], rule="media_first",
          telling=2, source="news:jiangwan", title=2),
)  # fmt: skip


def posts_in(bucket: int) -> int:
    """Posts of the crowd in a ten-minute bucket: slow, a logistic rise, a decline to the night."""
    if bucket < len(QUIET_BUCKETS):
        return QUIET_BUCKETS[bucket]
    rise = PEAK / (1 + math.exp((HALF_WAY - bucket) / STEEPNESS))
    return round(5 + rise * math.exp(-max(0, bucket - PEAK_UNTIL) / DECLINE))


class Crisis:
    """The crisis as drafts; `turns` are the posts that drive it."""

    def __init__(self, begins: datetime, *, cast: Cast, rng: Random) -> None:
        self._begins = begins
        self._cast = cast
        self._rng = rng
        self._book = Phrasebook.load("people.yaml", "crisis.yaml")
        self.turns = [self._turn(turn) for turn in TURNS]

    def drafts(self) -> Iterator[Draft]:
        """All posts of the crisis, not sorted."""
        yield from self.turns
        for bucket in range(BUCKETS):
            start = self._begins + bucket * BUCKET
            mix = next(mix for first, mix in reversed(MIXES) if bucket >= first)
            for at in instants(start, posts=posts_in(bucket), span=BUCKET, rng=self._rng):
                voice = self._rng.choices(list(mix), list(mix.values()))[0]
                # The first second belongs to the first post.
                at = max(at, self._begins + timedelta(seconds=41))
                yield self._repost(at) if voice == "repost" else self._voice(voice, at)

    def _turn(self, turn: _Turn) -> Draft:
        text = self._book.say("told", self._rng, given={"told": (self._telling(turn),)})
        return Draft(
            at=self._begins + turn.after,
            source=turn.source,
            author=turn.author,
            text=text,
            title=self._headline(turn),
            url=True,
            engagement=echo(turn.author, self._rng, heat=3),
        )

    def _headline(self, turn: _Turn) -> str | None:
        return None if turn.title is None else self._book.alternatives("media_title")[turn.title]

    def _telling(self, turn: _Turn) -> str:
        return self._book.alternatives(turn.rule)[turn.telling]

    def _voice(self, voice: str, at: datetime) -> Draft:
        rng = self._rng
        source = SOURCE_OF.get(voice, WEIBO)
        lang = "en" if voice == "english" else "zh"
        author = rng.choice(LOCAL_VOICES) if voice == "media_echo" else self._cast.anyone(rng)
        if voice == "news_followup":
            source = rng.choice(sorted(DESKS))
            author = DESKS[source]
        elif source == WEIBO and author not in LOCAL_VOICES and rng.random() < NOTES_SHARE:
            source = NOTES
        text = self._book.say(VOICE_OF.get(voice, voice), rng)
        if voice == "copy":
            # Whoever forwards a warning does not retype it.
            text += self._book.say("copy_tail", rng)
        else:
            text = text if author.channel == "news" else typed(text, rng, lang=lang)
        comments = source == WEIBO and voice in ("angry", "worry", "defend", "also")
        answered = [turn for turn in self._told(at) if turn.source == WEIBO]
        answers = comments and rng.random() < COMMENT_SHARE
        return Draft(
            at=at,
            source=source,
            author=author,
            text=text,
            rating=1 if source == STORE else None,
            url=source.startswith("news:"),
            lang=lang,
            engagement=echo(author, rng, heat=1.4),
            parent=rng.choice(answered) if answers else None,
        )

    def _repost(self, at: datetime) -> Draft:
        """A repost of one of the turns: nearly half say nothing, some pass on a chain."""
        rng = self._rng
        told = [
            (draft, turn.pull)
            for draft, turn in zip(self.turns, TURNS, strict=True)
            if draft.at < at and draft.source == WEIBO
        ]
        origin = rng.choices([draft for draft, _ in told], [pull for _, pull in told])[0]
        author = self._cast.anyone(rng)
        roll = rng.random()
        if roll < 0.45:
            text = NATIVE_REPOST
        else:
            text = typed(self._book.say("repost_comment", rng), rng)
            if roll > 0.75:
                text += f"//@{self._cast.anyone(rng).name}:{self._book.say('chain', rng)}"
        return Draft(
            at=at,
            source=WEIBO,
            author=author,
            text=text,
            engagement=echo(author, rng, heat=0.3),
            repost_of=origin,
        )

    def _told(self, at: datetime) -> list[Draft]:
        return [draft for draft in self.turns if draft.at < at]
