"""Posts into stories, one pass, in bounded memory.

A post goes where the first of these is known: the post that it shares, its copy group, the story
whose signature is nearest; and else it founds a seed. Posts are compared a block at a time with
one matrix product, and with stories that changed since the block began once more, so that the
answer is that of taking them one by one, however they are cut into batches.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from nlp.lexicon.background import Background, load_background
from nlp.stories.changes import Changes, How, Placement
from nlp.stories.commonness import Commonness
from nlp.stories.ids import story_id
from nlp.stories.knowledge import Knowledge
from nlp.stories.lookup import Lookup
from nlp.stories.post import StoryPost
from nlp.stories.recent import Recent
from nlp.stories.review import Reviewer
from nlp.stories.rules import StoryLimits, StoryRules
from nlp.stories.sample import Text, bounded, quantized
from nlp.stories.signature import Signature
from nlp.stories.space import Spaces
from nlp.stories.story import CopyGroup, Handle, Story, resolve

_MOST_WEIGHT = 60.0
"""From so many texts on, old ones fade from what a story is about as new ones come."""
_TEXT_TERMS = 8
_TO_SPARE = 16
"""When room is made, this share of all the stories leaves at once."""


class Stories:
    """The stories of now. Deterministic; not safe for threads."""

    def __init__(
        self,
        *,
        rules: StoryRules | None = None,
        limits: StoryLimits | None = None,
        background: Background | None = None,
    ) -> None:
        """`background` says how common words are before any post was seen; it ships."""
        known = load_background() if background is None else background
        self.rules = rules or StoryRules()
        self.limits = limits or StoryLimits()
        self._spaces = Spaces(
            most=2 * self.limits.stories, commonness=Commonness(known.counts, posts=known.posts)
        )
        self._living: dict[str, Story] = {}
        self._homes: Recent[Handle] = Recent(self.limits.posts)
        self._groups: Recent[CopyGroup] = Recent(self.limits.posts)
        self._reviewer = Reviewer(self.rules, self.limits)
        self._now = -math.inf
        self._handled = 0

    def __len__(self) -> int:
        """Stories and seeds in the working memory."""
        return len(self._living)

    def story(self, story_id: str) -> Story | None:
        """A living story or seed."""
        return self._living.get(story_id)

    @property
    def living(self) -> tuple[Story, ...]:
        return tuple(self._living.values())

    def mean(self, story: Story) -> NDArray[np.float32]:
        """(width,) float32, the mean of the signatures of a living story's texts."""
        return self._spaces.lookups[story.space].mean(story)

    def add(self, posts: Sequence[StoryPost], *, now: datetime) -> Changes:
        """Place posts, in order; `now` is aware, and one before the latest changes nothing.

        A post of the future counts as of now. The same post twice changes nothing. Raises
        ValueError for a vector that is none, or of another width than those of its space; blocks
        before its own have then been placed.
        """
        self._now = max(self._now, now.timestamp())
        changes = Changes()
        start = 0
        while start < len(posts):
            room = self.limits.block - self._handled % self.limits.block
            chunk = posts[start : start + room]
            self._place_all(chunk, changes)
            start += len(chunk)
            self._handled += len(chunk)
            if self._handled % self.limits.block == 0:
                self._end_block(changes)
        return changes

    def learnt(self) -> list[Knowledge]:
        """What was learnt of words and spaces, to be kept: without it, kept stories mean little."""
        return self._spaces.learnt()

    def recall(self, knowledge: Iterable[Knowledge]) -> None:
        """Go on from what `learnt` gave, before stories are taken in."""
        self._spaces.recall(knowledge)

    def take_in(self, story: Story, mean: NDArray[np.float32]) -> None:
        """Bring back a story that was saved; one that is here already stays as it is."""
        if story.id in self._living:
            return
        story.gone = False
        story.handle.story = story
        self._spaces.lookup(story.space, len(mean), what="a story").put(story, mean, now=self._now)
        self._living[story.id] = story

    def remember(
        self, post: str, story_id: str, *, group: str | None = None, leads: bool = True
    ) -> None:
        """Note that a post is in a living story; others are passed over.

        Copies of it, by `group`, belong there too where it `leads` them.
        """
        story = self._living.get(story_id)
        if story is None:
            return
        self._homes.put(post, story.handle)
        if group is None:
            return
        key = _key(group, story, tells=leads)
        met = self._groups.get(key)
        if met is None:
            met = CopyGroup(home=story.handle, group=group, posts=0, post=post)
            self._groups.put(key, met)
        met.posts += 1

    def home(self, post: str) -> Story | None:
        """The living story of a post, as far as that is remembered."""
        return resolve(self._homes.get(post))

    def _place_all(self, posts: Sequence[StoryPost], changes: Changes) -> None:
        signatures = [self._spaces.signature(post) for post in posts]
        products = self._compare(posts, signatures)
        for place, post in enumerate(posts):
            done = self._place(post, signatures[place], products.get(place))
            changes.placements.append(done)
            if done.story is not None and done.how is not How.KNOWN:
                changes.touched[done.story] = self._living[done.story]
        for lookup in self._spaces.lookups.values():
            lookup.settle()

    def _compare(
        self, posts: Sequence[StoryPost], signatures: Sequence[Signature]
    ) -> dict[int, NDArray[np.float32]]:
        """Cosines with every story that is there now, of posts that may need them, by place."""
        wanted: dict[str, list[int]] = {}
        groups: set[str] = set()
        for place, (post, signature) in enumerate(zip(posts, signatures, strict=True)):
            vector, group = signature.vector, post.copy_group
            if vector is None or signature.bits < self.rules.told or group in groups:
                continue
            if group:
                groups.add(group)
                if self._groups.get(group) is not None:
                    continue
            wanted.setdefault(post.space, []).append(place)
        found: dict[int, NDArray[np.float32]] = {}
        for space, places in wanted.items():
            rows = np.stack([v for place in places if (v := signatures[place].vector) is not None])
            found.update(zip(places, self._spaces.lookups[space].products(rows), strict=True))
        return found

    def _place(
        self, post: StoryPost, signature: Signature, cosines: NDArray[np.float32] | None
    ) -> Placement:
        known = self._homes.get(post.id)
        # A seed that was forgotten has left nothing: its posts may found it again.
        if known is not None and (known.last.story is not None or known.last.shown):
            return Placement(post=post.id, how=How.KNOWN, story=known.last.id)
        at = min(post.at.timestamp(), self._now)
        if at < self._now - self.limits.window.total_seconds():
            return Placement(post=post.id, how=How.LATE)
        tells = signature.bits >= self.rules.told
        if post.shares is not None and (shared := self.home(post.shares)) is not None:
            return self._admit(post, at, shared, How.REPOST, tells=tells)
        met = self._groups.get(post.copy_group) if post.copy_group else None
        if met is not None and (home := resolve(met.home)) is not None:
            return self._admit(post, at, home, How.COPY, tells=tells)
        if signature.vector is None or not tells:
            return Placement(post=post.id, how=How.SILENT)
        lookup = self._spaces.lookups[post.space]
        nearest, nearness = self._nearest(lookup, signature.vector, cosines, at=at)
        self._spaces.note(post, signature.words)
        if nearest is not None and nearness >= self.rules.join:
            story, how = nearest, How.CONTENT
        else:
            story = Story(id=story_id(post.id), space=post.space, founded=self._now)
            self._living[story.id] = story
            how = How.FOUNDED
        placement = self._admit(post, at, story, how, nearness=nearness)
        self._shape(story, post, at, signature, lookup)
        return placement

    def _nearest(
        self,
        lookup: Lookup,
        signature: NDArray[np.float32],
        cosines: NDArray[np.float32] | None,
        *,
        at: float,
    ) -> tuple[Story | None, float]:
        if not len(lookup):
            return None, -1.0
        if cosines is None:  # its copy group was known when the block began, and has left since
            cosines = lookup.products(signature[None])[0]
        fresh = lookup.refreshed(cosines, signature)
        scores = lookup.scores(
            fresh, at=at, fade_a_day=self.rules.fade_a_day, warmth=self.rules.warmth
        )
        scores[fresh < self.rules.least] = -1.0
        place = int(np.argmax(scores))
        return lookup.at(place), float(scores[place])

    def _admit(
        self,
        post: StoryPost,
        at: float,
        story: Story,
        how: How,
        *,
        tells: bool = True,
        nearness: float | None = None,
    ) -> Placement:
        group = post.copy_group or post.id
        key = _key(group, story, tells=tells)
        met = self._groups.get(key)
        new_text = met is None or resolve(met.home) is not story
        if met is None or new_text:
            met = CopyGroup(
                home=story.handle, group=group, posts=0, post=post.id, length=post.length
            )
            if how is not How.COPY:
                self._groups.put(key, met)
        met.posts += 1
        if story.loudest is None or met.posts > story.loudest.posts:
            story.loudest = met
        if not story.first_post or at < story.tally.first_at:
            story.first_post = post.id
        story.tally.add(post, at=at, new_text=new_text)
        if (text := story.texts.get(group)) is not None:
            text.tally.add(post, at=at, new_text=False)
            if at < text.at:
                text.post, text.at = post.id, at
        story.shown = story.shown or story.tally.posts >= self.rules.shown_from
        self._homes.put(post.id, story.handle)
        lookup = self._spaces.lookups[story.space]
        if story in lookup:
            lookup.stretch(story, now=self._now)
        return Placement(
            post=post.id,
            how=how,
            story=story.id,
            group=group if tells or how is How.COPY else None,
            nearness=nearness,
        )

    def _shape(
        self, story: Story, post: StoryPost, at: float, signature: Signature, lookup: Lookup
    ) -> None:
        """Let a distinct text have its say in what the story is about."""
        vector = signature.vector
        assert vector is not None  # noqa: S101 - `_place` let nothing else through
        story.weight = min(story.weight + 1, _MOST_WEIGHT)
        mean = vector
        if story in lookup:
            before = lookup.mean(story)
            mean = before + (vector - before) * np.float32(1 / story.weight)
        lookup.put(story, mean, now=self._now)
        story.learn_terms(signature.words)
        leading = sorted(signature.words.items(), key=lambda item: (-item[1], item[0]))
        text = Text(
            group=post.copy_group or post.id,
            post=post.id,
            at=at,
            length=post.length,
            terms=dict(leading[:_TEXT_TERMS]),
            vector=quantized(vector),
        )
        text.tally.add(post, at=at, new_text=True)
        story.texts[text.group] = text
        bounded(story.texts, most=self.limits.sample)
        self._reviewer.touch(story)

    def _end_block(self, changes: Changes) -> None:
        self._spaces.learn()
        for lookup in self._spaces.lookups.values():
            lookup.cool(self._now)
        if self._handled % self.limits.review_every == 0:
            self._leave_in_time(changes)
            self._reviewer.review(
                self._living,
                self._spaces.lookups,
                groups=self._groups,
                homes=self._homes,
                now=self._now,
                changes=changes,
            )
        spare = self.limits.stories - self.limits.block
        if len(self._living) > spare:
            most = len(self._living) - spare + self.limits.stories // _TO_SPARE
            oldest = heapq.nsmallest(
                most,
                self._living.values(),
                key=lambda story: (story.shown, story.tally.last_at, story.id),
            )
            for story in oldest:
                self._dismiss(story, changes)

    def _leave_in_time(self, changes: Changes) -> None:
        limits = self.limits
        for story in list(self._living.values()):
            kept = limits.window if story.shown else limits.seed_window
            if story.tally.last_at < self._now - kept.total_seconds():
                self._dismiss(story, changes)

    def _dismiss(self, story: Story, changes: Changes) -> None:
        changes.touched[story.id] = changes.left[story.id] = story
        del self._living[story.id]
        lookup = self._spaces.lookups[story.space]
        changes.means[story.id] = lookup.mean(story).copy()
        lookup.remove(story)
        story.gone = True
        story.handle.story, story.handle.shown = None, story.shown


def _key(group: str, story: Story, *, tells: bool) -> str:
    # What says little (哈哈哈) is a copy only inside the story: elsewhere it is about another.
    return group if tells else f"{group}@{story.id}"
