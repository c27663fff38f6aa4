"""From time to time: which stories have become one, and which are two."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nlp.stories.changes import Changes, Merge, Split
from nlp.stories.ids import story_id
from nlp.stories.lookup import Lookup
from nlp.stories.merging import Pair, confirmed, pair_of
from nlp.stories.recent import Recent
from nlp.stories.rules import StoryLimits, StoryRules
from nlp.stories.sample import Text, bounded, unit_rows
from nlp.stories.splitting import parts_of, same_part
from nlp.stories.story import CopyGroup, Handle, Story

_MOST_PAIRS = 4_096


class Reviewer:
    """Merges and splits stories that changed; remembers what earlier reviews asked for."""

    def __init__(self, rules: StoryRules, limits: StoryLimits) -> None:
        self._rules = rules
        self._limits = limits
        self._touched: dict[str, None] = {}
        self._near: dict[Pair, int] = {}
        self._parts: dict[str, tuple[int, frozenset[str]]] = {}

    def touch(self, story: Story) -> None:
        """Look at the story in the next review: what it is about has moved."""
        self._touched[story.id] = None

    def review(
        self,
        living: dict[str, Story],
        lookups: Mapping[str, Lookup],
        *,
        groups: Recent[CopyGroup],
        homes: Recent[Handle],
        now: float,
        changes: Changes,
    ) -> None:
        """Merge, then split, what enough reviews in a row have asked for."""
        self._near = {
            pair: count
            for pair, count in self._near.items()
            if pair[0] in living and pair[1] in living
        }
        self._parts = {name: part for name, part in self._parts.items() if name in living}
        looked_at = [living[name] for name in self._touched if name in living]
        self._touched.clear()
        for pair in self._ready_pairs(looked_at, lookups):
            if pair[0] in living and pair[1] in living:
                older, younger = sorted((living[pair[0]], living[pair[1]]), key=lambda s: s.order)
                self._merge(older, younger, lookup=lookups[older.space], now=now)
                del living[younger.id]
                changes.regroupings.append(Merge(younger, older))
                changes.touched[older.id] = older
                changes.touched[younger.id] = younger
        for story in looked_at:
            if story.id not in living or (part := self._ready_part(story)) is None:
                continue
            new = self._split(story, part, lookup=lookups[story.space], groups=groups, now=now)
            for text in part:
                homes.put(text.post, new.handle)
            living[new.id] = new
            changes.regroupings.append(Split(story, new, tuple(new.texts)))
            changes.touched[story.id] = story
            changes.touched[new.id] = new

    def _ready_pairs(self, looked_at: list[Story], lookups: Mapping[str, Lookup]) -> list[Pair]:
        rules = self._rules
        near: dict[Pair, float] = {}
        for lookup in lookups.values():
            # A seed of one text was compared with all when it came; others look at it.
            mine = [story for story in looked_at if story in lookup and story.weight > 1]
            if not mine:
                continue
            others = lookup.stories
            cosines, scores = lookup.compared(
                mine, fade_a_day=rules.fade_a_day, warmth=rules.merge_warmth
            )
            found = (scores >= rules.merge) & (cosines >= rules.least)
            for row, column in np.argwhere(found):
                left, right = mine[row], others[column]
                if left is not right:
                    near[pair_of(left.id, right.id)] = float(scores[row, column])
        ordered = sorted(near, key=lambda pair: (-near[pair], pair))
        self._near, ready = confirmed(
            self._near,
            ordered[:_MOST_PAIRS],
            looked_at={story.id for story in looked_at},
            needed=self._rules.confirmations,
        )
        return ready

    def _merge(self, older: Story, younger: Story, *, lookup: Lookup, now: float) -> None:
        weight = older.weight + younger.weight
        mean = lookup.mean(older) + (lookup.mean(younger) - lookup.mean(older)) * np.float32(
            younger.weight / weight
        )
        if younger.tally.first_at < older.tally.first_at:
            older.first_post = younger.first_post
        older.tally.join(younger.tally)
        older.texts |= younger.texts
        bounded(older.texts, most=self._limits.sample)
        older.learn_terms(younger.terms)
        if younger.loudest is not None and (
            older.loudest is None or younger.loudest.posts > older.loudest.posts
        ):
            older.loudest = younger.loudest
        older.shown = older.shown or older.tally.posts >= self._rules.shown_from
        older.weight = weight
        lookup.put(older, mean, now=now)
        lookup.remove(younger)
        younger.into = older.id
        younger.handle.story, younger.handle.into = None, older.handle
        self._parts.pop(older.id, None)

    def _ready_part(self, story: Story) -> list[Text] | None:
        texts = [text for text in story.texts.values() if text.vector is not None]
        places = parts_of(unit_rows(texts), below=self._rules.split_below) if texts else None
        if places is None:
            self._parts.pop(story.id, None)
            return None
        groups = frozenset(texts[place].group for place in places)
        count, before = self._parts.get(story.id, (0, groups))
        count = count + 1 if same_part(before, groups) else 1
        self._parts[story.id] = count, groups
        return [texts[place] for place in places] if count >= self._rules.confirmations else None

    def _split(
        self,
        origin: Story,
        part: list[Text],
        *,
        lookup: Lookup,
        groups: Recent[CopyGroup],
        now: float,
    ) -> Story:
        del self._parts[origin.id]
        origin.splits += 1
        first = min(part, key=lambda text: (text.at, text.post))
        new = Story(
            id=story_id(origin.id, origin.splits, first.post),
            space=origin.space,
            founded=now,
            first_post=first.post,
            origin=origin.id,
        )
        for text in part:
            del origin.texts[text.group]
            new.texts[text.group] = text
            new.tally.join(text.tally)
            origin.tally.take_out(text.tally)
            new.learn_terms(text.terms)
            origin.forget_terms(text.terms)
            met = groups.get(text.group)
            if met is None:
                met = CopyGroup(
                    home=new.handle, group=text.group, posts=text.tally.posts, post=text.post
                )
            met.home = new.handle
            groups.put(text.group, met)
            if new.loudest is None or met.posts > new.loudest.posts:
                new.loudest = met
            if origin.loudest is met:
                origin.loudest = None
        rest = list(origin.texts.values())
        if origin.first_post in {text.post for text in part}:
            earliest = min(rest, key=lambda text: (text.at, text.post))
            origin.first_post, origin.tally.first_at = earliest.post, earliest.at
        new.shown = new.tally.posts >= self._rules.shown_from
        new.weight = float(len(part))
        origin.weight = max(1.0, origin.weight - len(part))
        lookup.put(new, unit_rows(part).mean(axis=0), now=now)
        lookup.put(
            origin,
            unit_rows([text for text in rest if text.vector is not None]).mean(axis=0),
            now=now,
        )
        return new
