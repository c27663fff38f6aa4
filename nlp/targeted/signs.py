"""What can be said of an entity in a post without n-grams: where, how often, in what company."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter

from nlp.sentiment import LexicalSentiment
from nlp.targeted.slots import Slotted

# A title, a bracketed head line or a topic names whom the post is about.
_HEADS = re.compile(r"【[^】]{1,60}】|《[^》]{1,60}》|#[^#]{1,40}#")
_CONTRAST = re.compile(
    r"但是|但|不过|可是|然而|反观|再看|相反|而(?!且|已|后)|换(?:成|到|了)|不像|哪像"
)
_SENTENCE_END = re.compile(r"[。!?;]")
_LEAD = 30
_TERRITORY = 40
_MENTIONS = 8
# Of heads and contrasts, the first so many are looked at.
_MANY = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """Shares and polarities are in [-1, 1], the rest 0 or 1; a log is of 1 + count, over 2."""

    one: float = 1.0
    alone: float = 0.0
    company: float = 0.0
    mentions: float = 0.0
    share: float = 0.0
    foremost: float = 0.0
    first: float = 0.0
    last: float = 0.0
    position: float = 0.0
    in_lead: float = 0.0
    in_head: float = 0.0
    head_without: float = 0.0
    part_of_other_name: float = 0.0
    holds_other_name: float = 0.0
    before_contrast: float = 0.0
    after_contrast: float = 0.0
    worst: float = 0.0
    mean: float = 0.0
    worse_than_others: float = 0.0
    better_than_others: float = 0.0
    worst_of_all: float = 0.0
    sentence_polarity: float = 0.0


NAMES = tuple(field.name for field in fields(Signs))


# Plain attribute access: dataclasses.astuple copies every field, slowly.
values_of = attrgetter(*NAMES)


def signs(post: Slotted, names: Sequence[tuple[str, ...]], judge: LexicalSentiment) -> list[Signs]:
    """The signs of each entity of a post that names them all; `names` are in normal form."""
    total = sum(len(places) for places in post.places)
    most = max((len(places) for places in post.places), default=0)
    every = sorted(place for places in post.places for place in places)
    heads = [match.span() for match in islice(_HEADS.finditer(post.text), _MANY)]
    contrast = [match.start() for match in islice(_CONTRAST.finditer(post.text), _MANY)]
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(post.text)), len(post.text)]
    feelings = [_feelings(post, places, judge) for places in post.places]
    worst = [min(values) for values in feelings]
    found = []
    for entity, places in enumerate(post.places):
        others = [theirs for other, theirs in enumerate(names) if other != entity]
        own = worst[entity]
        elsewhere = min(
            (worst[other] for other in range(len(names)) if other != entity), default=own
        )
        own_places = set(places)
        rivals = [place for place in every if place not in own_places]
        found.append(
            Signs(
                alone=float(not others),
                company=math.log1p(len(others)) / 2,
                mentions=math.log1p(len(places)) / 2,
                share=len(places) / total,
                foremost=float(len(places) == most),
                first=float(places[0] == every[0]),
                last=float(places[-1] == every[-1]),
                position=places[0] / len(post.text),
                in_lead=float(places[0] < _LEAD),
                in_head=float(any(a < place < b for a, b in heads for place in places)),
                head_without=float(any(_only_others(head, places, rivals) for head in heads)),
                part_of_other_name=float(any(_within(names[entity], their) for their in others)),
                holds_other_name=float(any(_within(their, names[entity]) for their in others)),
                before_contrast=float(any(_parts(c, places, rivals) for c in contrast)),
                after_contrast=float(any(_parts(c, rivals, places) for c in contrast)),
                worst=own,
                mean=sum(feelings[entity]) / len(feelings[entity]),
                worse_than_others=max(0.0, elsewhere - own),
                better_than_others=max(0.0, own - elsewhere),
                worst_of_all=float(own < elsewhere),
                sentence_polarity=_sentence(post, places[0], ends, judge),
            )
        )
    return found


def _feelings(post: Slotted, places: Sequence[int], judge: LexicalSentiment) -> list[float]:
    """The polarity of what is said after each mention."""
    return [judge.polarity(post.said_after(place, _TERRITORY)[1:]) for place in places[:_MENTIONS]]


def _sentence(post: Slotted, place: int, ends: Sequence[int], judge: LexicalSentiment) -> float:
    following = bisect_right(ends, place)
    return judge.polarity(post.text[ends[following - 1] : ends[following]])


def _only_others(head: tuple[int, int], own: Sequence[int], rivals: Sequence[int]) -> bool:
    start, end = head
    return any(start < p < end for p in rivals) and not any(start < p < end for p in own)


def _parts(at: int, before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether the one side is last named shortly before `at` and the other next after it."""
    return any(0 < at - p < _TERRITORY for p in before) and any(
        0 < p - at < _TERRITORY // 2 for p in after
    )


def _within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    return any(short in name for name in outer for short in inner)
