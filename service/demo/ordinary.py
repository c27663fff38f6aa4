"""Days on which nothing happens: praise, questions, small complaints, shops, other subjects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from service.demo.cast import DESKS, OFFICIAL, Cast, echo
from service.demo.draft import FEDIVERSE, FORUM, NOTES, STORE, WEIBO, Draft
from service.demo.habits import typed
from service.demo.hours import ZONE, ordinary_instants
from service.demo.phrasebook import Phrasebook, load_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of ordinary post: where it appears, which rule says it, how often (a weight)."""

    source: str
    rule: str
    weight: float
    lang: str = "zh"
    title: str | None = None
    rating: Sequence[int] = ()


KINDS = (
    _Kind(source=WEIBO, rule="weibo", weight=48),
    _Kind(source=WEIBO, rule="sour", weight=1),
    _Kind(source=WEIBO, rule="compare", weight=4),
    _Kind(source=WEIBO, rule="competitor", weight=6),
    _Kind(source=WEIBO, rule="offtopic", weight=7),
    _Kind(source=WEIBO, rule="shop", weight=2),
    _Kind(source=WEIBO, rule="mixed", weight=2),
    _Kind(source=NOTES, rule="card", weight=10, title="card_title"),
    _Kind(source=NOTES, rule="weibo", weight=8),
    _Kind(source=STORE, rule="review_good", weight=2, rating=(4, 5, 5)),
    _Kind(source=STORE, rule="review_fair", weight=1, rating=(3, 3, 4)),
    _Kind(source=FORUM, rule="forum", weight=4),
    _Kind(source=FEDIVERSE, rule="english", weight=1.2, lang="en"),
    _Kind(source=FEDIVERSE, rule="weibo", weight=2),
    _Kind(source="news", rule="news", weight=0.8, title="news_title"),
)
OWNED_AT = (time(10, 5), time(12, 30), time(18, 20))
COPY_SHARE = 0.008
COOLED_SHARE = 0.5
LAST_COPIED = 60


class Ordinary:
    """The ordinary talk of a day; from `cooled_from` on, people praise the brand less."""

    def __init__(self, cast: Cast, rng: Random, *, cooled_from: datetime) -> None:
        self._cast = cast
        self._rng = rng
        self._cooled_from = cooled_from
        self._book = Phrasebook.load("people.yaml", "everyday.yaml", "elsewhere.yaml")
        self._shelf = _shelf()
        self._recent: list[str] = []

    def day(self, day: date) -> Iterator[Draft]:
        """Drafts of one day, not sorted."""
        for at in sorted(ordinary_instants(day, self._rng)):
            if at >= self._cooled_from and self._rng.random() > COOLED_SHARE:
                continue
            yield self._post(at)
        for moment in OWNED_AT:
            at = datetime.combine(day, moment, ZONE) + timedelta(seconds=self._rng.randrange(240))
            # Nobody at the brand dares to post a raffle once the crisis has begun.
            if at < self._cooled_from:
                yield from self._raffle(at)

    def _post(self, at: datetime) -> Draft:
        rng = self._rng
        kind = rng.choices(KINDS, [kind.weight for kind in KINDS])[0]
        given = self._product()
        text = self._book.say(kind.rule, rng, given=given)
        if kind.source != "news":
            text = typed(text, rng, lang=kind.lang)
        if kind.source == WEIBO and self._recent and rng.random() < COPY_SHARE:
            text = rng.choice(self._recent[-LAST_COPIED:])
        if kind.source == WEIBO:
            self._recent.append(text)
        news = kind.source == "news"
        source = rng.choice(sorted(DESKS)) if news else kind.source
        author = DESKS[source] if news else self._cast.anyone(rng)
        return Draft(
            at=at,
            source=source,
            author=author,
            text=text,
            title=self._book.say(kind.title, rng, given=given) if kind.title else None,
            url=news,
            rating=rng.choice(kind.rating) if kind.rating else None,
            lang=kind.lang,
            engagement=echo(author, rng, heat=0.6),
        )

    def _raffle(self, at: datetime) -> Iterator[Draft]:
        """A post of the brand's own account and the reposts it collects in six hours."""
        rng = self._rng
        text = self._book.say("owned", rng, given=self._product())
        post = Draft(
            at=at, source=WEIBO, author=OFFICIAL, text=text, engagement=echo(OFFICIAL, rng)
        )
        yield post
        for _ in range(rng.randrange(18, 34)):
            delay = timedelta(seconds=60 + int(rng.expovariate(1 / 5400)))
            author = self._cast.anyone(rng)
            yield Draft(
                at=at + min(delay, timedelta(hours=6)),
                source=WEIBO,
                author=author,
                text=self._book.say("owned_reply", rng, given=self._product()),
                engagement=echo(author, rng, heat=0.1),
                repost_of=post,
            )

    def _product(self) -> Mapping[str, Sequence[str]]:
        """Rules of one product, and of another to compare it with."""
        product = self._rng.choice(self._shelf)
        other = self._rng.choice([item for item in self._shelf if item.short != product.short])
        return {
            "p": (self._rng.choice(product.names),),
            "p2": (other.short,),
            "fruit": (product.fruit,),
            "note": product.notes,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Product:
    names: Sequence[str]
    short: str
    fruit: str
    notes: Sequence[str]


def _shelf() -> list[_Product]:
    """The products, each as often as its weight says."""
    content = load_yaml("products.yaml")
    if not isinstance(content, list):
        raise ValueError("phrases/products.yaml is not a list of products")
    return [
        _Product(names=item["names"], short=item["short"], fruit=item["fruit"], notes=item["notes"])
        for item in content
        for _ in range(item["weight"])
    ]
