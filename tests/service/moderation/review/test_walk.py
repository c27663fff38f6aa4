"""Random walks of several people over several items: what the database may never show."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from service.db import tables
from service.errors import ServiceError
from service.moderation.review import Ruling, VerdictDraft
from service.moderation.review.lifecycle import UNDECIDED, State
from service.timers import TimerState
from tests.support.review_scene import (
    ANNA,
    BLOCK,
    BO,
    BOTH,
    EVE,
    GATEWAY,
    LAW,
    PASS,
    ReviewScene,
    case,
)

PEOPLE = (ANNA, BO, BOTH, EVE, LAW)
REFUSED = VerdictDraft(ruling=Ruling.PASS, reason="ad_compliant")


async def step(scene: ReviewScene, draw: random.Random) -> None:
    """Somebody does something, allowed or not."""
    items = [row.id for row in await scene.rows(tables.review_item, tables.review_item.c.id)]
    item, who = draw.choice(items), draw.choice(PEOPLE)
    move = draw.choice(["claim"] * 4 + ["verdict"] * 4 + ["release", "escalate", "appeal", "wait"])
    if move == "claim":
        await scene.desk.claim(who, item)
    elif move == "release":
        await scene.desk.release(who, item)
    elif move == "escalate":
        await scene.desk.escalate(who, item, reason="unsure")
    elif move == "appeal":
        await scene.appeals.against_verdict(GATEWAY, item, words="冤枉")
    elif move == "wait":
        await scene.pass_time(minutes=draw.choice([5, 20, 90]))
    else:
        file = await scene.item(item)
        draft = REFUSED if file.kind == "advertisement" else draw.choice([BLOCK, PASS])
        holder = next((person for person in PEOPLE if person.id == file.holder), who)
        await scene.desk.decide(holder, item, draft)


async def check(scene: ReviewScene) -> None:
    items = await scene.rows(tables.review_item)
    verdicts = await scene.rows(tables.review_verdict)
    events = await scene.rows(tables.review_event)
    pending = {
        row.subject_id for row in await scene.rows(tables.timer) if row.state == TimerState.PENDING
    }
    kinds = Counter((row.item_id, row.kind) for row in events)
    for item in items:
        mine = [row for row in verdicts if row.item_id == item.id]
        assert len({row.line for row in mine}) == len(mine)
        assert len({row.reviewer for row in mine}) == len(mine)
        assert item.barred not in {row.reviewer for row in mine}
        assert (item.holder is not None) == (item.state == State.CLAIMED)
        assert kinds[item.id, "appealed"] <= 1
        if State(item.state) in UNDECIDED:
            assert item.id in pending or item.overdue_at is not None
        else:
            assert item.id not in pending
    twins = {item.id for item in items if item.twin_of is not None}
    assert len(await scene.outbox()) == sum(row.item_id not in twins for row in verdicts)
    assert len(events) == len(await scene.rows(tables.audit_entry))


@pytest.mark.parametrize("seed", range(3))
async def test_no_walk_breaks_what_holds(local: ReviewScene, seed: int) -> None:
    draw = random.Random(seed)
    local.chance = 0.01
    await local.filed(case(item_id="1"), case(item_id="2"), case(kind="advertisement"))
    for _ in range(60):
        try:
            await step(local, draw)
        except ServiceError:
            continue
    await check(local)
