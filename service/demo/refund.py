"""Day three: a coupon that did not work and refunds refused; ninety minutes of complaints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from service.demo.cast import Cast, echo
from service.demo.draft import NOTES, STORE, WEIBO, Draft
from service.demo.habits import typed
from service.demo.hours import instants
from service.demo.phrasebook import Phrasebook

# Posts in each quarter of an hour after the coupons went out.
QUARTERS = (6, 13, 18, 17, 13, 8)
QUARTER = timedelta(minutes=15)
SOURCES = (WEIBO, WEIBO, WEIBO, WEIBO, WEIBO, NOTES, STORE)
MILD_SHARE = 0.12
COMMENT_SHARE = 0.25


def refund_episode(begins: datetime, *, cast: Cast, rng: Random) -> Iterator[Draft]:
    """The drafts of the episode, by time."""
    book = Phrasebook.load("people.yaml", "refund.yaml")
    loudest: Draft | None = None
    for number, posts in enumerate(QUARTERS):
        start = begins + number * QUARTER
        for at in sorted(instants(start, posts=posts, span=QUARTER, rng=rng)):
            source = rng.choice(SOURCES)
            store = source == STORE
            mild = not store and rng.random() < MILD_SHARE
            author = cast.anyone(rng)
            answers = source == WEIBO and loudest is not None and rng.random() < COMMENT_SHARE
            draft = Draft(
                at=at,
                source=source,
                author=author,
                text=typed(book.say("mild" if mild else "complaint", rng), rng),
                rating=rng.choice((1, 1, 2)) if store else None,
                engagement=echo(author, rng, heat=1.5),
                parent=loudest if answers else None,
            )
            if loudest is None and source == WEIBO:
                loudest = draft
            yield draft
