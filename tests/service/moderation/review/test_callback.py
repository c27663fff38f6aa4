"""What the outside is told of a verdict, and what it is not."""

from __future__ import annotations

import hashlib

from service.delivery import Message
from service.delivery.render import LIMIT, render
from service.events import EventType
from service.moderation.review.callback import callback
from service.moderation.review.lifecycle import Line, Ruling, Standing, State
from service.moderation.review.model import HumanVerdict
from service.moderation.review.rubric import load_rubric
from tests.support.clock import START
from tests.support.review_scene import ANNA, ReviewScene, case

TEXT = "骗" * 10_000
DECIDED = Standing(line=Line.SECOND, state=State.DECIDED, ruling=Ruling.BLOCK)


def verdict(**given: object) -> HumanVerdict:
    values: dict[str, object] = {
        "item_id": "rev_1",
        "line": Line.SECOND,
        "ruling": Ruling.BLOCK,
        "labels": ("fraud",),
        "reason": "fraud",
        "note": "内部备注",
        "rubric_version": "1@0",
        "reviewer": ANNA.id,
        "at": START,
    }
    return HumanVerdict(**values | given)  # type: ignore[arg-type]


async def test_it_names_the_text_by_id_and_hash_only(local: ReviewScene) -> None:
    item = await local.filed(case(TEXT, author="au_1"))
    told = callback(item, DECIDED, verdict(), load_rubric())
    assert told["text_sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    for secret in (TEXT[:5], "au_1", ANNA.id, "内部备注"):
        assert secret not in str(told)


async def test_it_fits_every_receiver(local: ReviewScene) -> None:
    item = await local.filed(case(TEXT))
    labels = tuple(f"label_{number}" for number in range(50))
    told = callback(item, DECIDED, verdict(labels=labels), load_rubric())
    message = Message(
        id="msg_1",
        type=EventType.REVIEW_DECIDED,
        occurred_at=START,
        data=told | {"decided_at": "2026-03-02T00:00:00.000Z"},
    )
    body = render(message)
    assert len(body) < LIMIT
    assert b"truncated" not in body


async def test_a_reason_of_an_older_rubric_is_told_by_its_code(local: ReviewScene) -> None:
    item = await local.filed()
    told = callback(item, DECIDED, verdict(reason="retired_code"), load_rubric())
    assert told["reason"] == {"code": "retired_code", "zh": None, "en": None}
