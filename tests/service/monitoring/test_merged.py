"""What people say on after two incidents were merged belongs to the one that goes on."""

from __future__ import annotations

from service.incidents import Incident, State
from service.incidents.lifecycle import Action
from tests.support.incident_scene import LEAD
from tests.support.watch_scene import FINE, HURT, WatchScene, complaint


async def two(watch: WatchScene) -> tuple[Incident, Incident]:
    """One of safety, and one of quality into which it is merged."""
    await watch.say(FINE)
    await watch.wait(hours=26)
    await watch.say(HURT)
    await watch.wait(minutes=2)
    await watch.say(*map(complaint, range(24)))
    await watch.wait(minutes=10)
    hurt, quality = await watch.incidents()
    await watch.container.desk.act(
        LEAD, hurt.id, Action.MERGE, reason="同一批次", merge_into=quality.id
    )
    return hurt, quality


async def test_it_raises_that_one_and_opens_none(watch: WatchScene) -> None:
    hurt, quality = await two(watch)
    assert (hurt.scenario, quality.scenario) == ("safety_incident", "product_quality")

    await watch.say(
        f"{HURT}，还有我妈", "青柚茶害我上吐下泻住院了", "喝青柚茶食物中毒住院，谁来管管"
    )
    await watch.wait(minutes=10)

    merged, kept = await watch.incidents()
    assert merged.state is State.MERGED
    assert (kept.id, kept.tier_rank) == (quality.id, max(quality.tier_rank, 2))


async def test_once_that_one_is_over_it_is_news(watch: WatchScene) -> None:
    _, quality = await two(watch)
    for action in (Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE):
        await watch.container.desk.act(LEAD, quality.id, action)

    await watch.say(f"{HURT}，又有一个")
    await watch.wait(minutes=10)

    assert "safety_incident" in {item.scenario for item in (await watch.incidents())[2:]}
