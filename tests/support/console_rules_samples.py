"""Something to see at the places that judge and train: lexicon, rules, drills, duties, models."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from service.auth import SYSTEM
from service.backtest import Ask
from service.errors import InvalidInput
from service.jobs import advance
from service.learning import Evaluation, lexicon_candidate, repository
from service.lexicon import table_of
from service.monitors import ChannelDraft, ChannelKind, MonitorDraft
from service.oncall.model import Target, TargetKind
from service.recurring import RecurringDraft
from tests.service.lexicon.rows import cells, entry
from tests.support.console_scene import ConsoleScene
from tests.support.drill_scene import opens, tape
from tests.support.incident_scene import evidence
from tests.support.stored_posts import stored_post

Sample = Callable[[ConsoleScene, Sequence[str]], Awaitable[str]]

RULE = "negative_burst_yellow"
_AT = "2024-02-28T12:35:13.000Z"


def _taken(texts: Sequence[str], most: int) -> list[str]:
    return [text for text in texts if text.strip()][:most]


async def _words(scene: ConsoleScene, said: Sequence[str]) -> str:
    """Entries whose notes and reasons are a stranger's; answers one of them."""
    desk = scene.container.lexicon.desk
    await desk.add(SYSTEM, cells("黑店宰客", id="lex_sample"), reason=said[0] or "见过")
    for text in _taken(said, 12):
        try:
            note = " ".join(text.split())[:400]
            await desk.change(SYSTEM, "lex_sample", {"note": note}, reason=text[:900])
        except InvalidInput:
            continue  # such a note is refused, which is as good
    await scene.container.lexicon.directory.refresh()
    return "lex_sample"


async def _lexicon(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _words(scene, said)
    return "/lexicon"


async def _entry(scene: ConsoleScene, said: Sequence[str]) -> str:
    return f"/lexicon/entries/{await _words(scene, said)}"


async def _versions(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _words(scene, said)
    return "/lexicon/versions"


async def _version(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _words(scene, said)
    return "/lexicon/versions/1"


async def _rule(scene: ConsoleScene, said: Sequence[str]) -> str:
    name = next(iter(_taken(said, 1)), "规则")
    overlay = {"mode": "shadow", "name": {"zh": name, "en": name}, "why": {"zh": name}}
    await scene.container.rules.desk.put(SYSTEM, RULE, overlay)
    return f"/rules/{RULE}"


async def _rules(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _rule(scene, said)
    return "/rules"


def _incident(text: str, tier: Any) -> dict[str, Any]:
    return {
        "monitor": "chenyu",
        "scenario": "pricing_refunds",
        "tier": tier,
        "first_post_at": _AT,
        "opened_at": _AT,
        "delay_s": 380.0,
        "posts": 12,
        "tiers": [{"tier": "yellow", "at": _AT, "rules": [RULE]}],
        "reasons": [{"clause": "negative_1h ≥ 10", "value": 12, "threshold": 10}],
        "label": None,
        "samples": [{"post": "p1", "source": text[:60], "published_at": _AT, "text": text}],
    }


def _side(count: int, busiest: int) -> dict[str, Any]:
    return {
        "incidents": count,
        "by_tier": {"yellow": count - 1, "orange": 1},
        "alerts": count,
        "alerts_per_week": count * 1.75,
        "nights": {"2024-02-26": busiest, "2024-02-27": 1},
        "busiest_night": busiest,
        "delay_s": {"p50": 320.0, "p90": 5400.0},
        "labels": {"judged": 2, "right": 1},
        "list": [],
    }


def answer(said: Sequence[str]) -> dict[str, Any]:
    """What a back-test found, with posts of strangers."""
    changed = {"rule": RULE, "keys": {"tier": {"before": "yellow", "after": "orange"}}}
    incidents = {
        "same": 3,
        "gained": [_incident(text, "yellow") for text in said[:4]],
        "lost": [_incident(text, "orange") for text in said],
        "changed": [_incident(said[0], {"before": "red", "after": "orange"})],
        "moved": [
            {
                "monitor": "chenyu",
                "scenario": "outage",
                "opened_at": {"before": _AT, "after": _AT},
                "later_s": 380.0,
            }
        ],
    }
    return {
        "span": {"from": _AT, "to": _AT, "posts": 6789, "monitors": ["chenyu"]},
        "rules": {"current": "a", "candidate": "b", "changed": [changed]},
        "current": _side(8, 3),
        "candidate": _side(6, 1),
        "incidents": incidents,
    }


async def _backtest(scene: ConsoleScene, said: Sequence[str]) -> str:
    office = scene.container.backtests
    await scene.container.monitors.put(
        SYSTEM, MonitorDraft(id="chenyu", name="晨屿全部", query="*")
    )
    asked = Ask(rules=({"id": RULE, "thresholds": {"negative_1h": 25}},))
    run = await office.begin(SYSTEM, asked.to_json())
    await office.take("sample")
    await office.finish(run.id, answer(said))
    return f"/backtests/{run.id}"


async def _backtests(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _backtest(scene, said)
    office = scene.container.backtests
    run = await office.begin(SYSTEM, Ask(budget="3/night").to_json())
    await office.take("sample")
    await office.fail(run.id, said[0])
    return "/backtests"


async def _playbook(scene: ConsoleScene, said: Sequence[str]) -> str:
    return "/playbooks/product_quality?tier=orange"


async def _drill(scene: ConsoleScene, said: Sequence[str]) -> str:
    container = scene.container
    await container.channels.put(
        SYSTEM, ChannelDraft(id="practice", kind=ChannelKind.RECORDING, name="演练群", drill=True)
    )
    posts = tuple(
        replace(evidence(number, at=scene.clock.now()), snapshot={"text": text})
        for number, text in enumerate(said[:30])
    )
    moves = opens(title=said[0][:200] or "演练", evidence=posts)
    drill = await container.drills.begin(SYSTEM, stream="bundled", speed=1.0, tape=tape(moves))
    player = [job for job in container.line if job.name == "drill"]
    await advance(scene.clock, player, scene.clock.now())
    await container.drills.stop(SYSTEM, drill.id, reason=said[0][:900] or "够了")
    return f"/drills/{drill.id}"


async def _drills(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _drill(scene, said)
    return "/drills"


async def _duty(scene: ConsoleScene, said: Sequence[str]) -> str:
    duty = RecurringDraft(
        id="risk",
        name="风险排查",
        owner=Target(kind=TargetKind.ROLE, id="pr"),
        starts_on=date(2024, 1, 1),
        every_months=3,
        instructions=said[0][:3_000],
    )
    container = scene.container
    await container.recurring.put(SYSTEM, duty)
    for text in _taken(said, 20):
        (which, *_) = await container.recurring_desk.rounds(SYSTEM, "risk", limit=1)
        await container.recurring_desk.do(
            SYSTEM, "risk", which.id, note=text[:3_000], evidence="https://docs.example/1"
        )
    return "/recurring/risk"


async def _duties(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _duty(scene, said)
    return "/recurring"


async def _evaluation(scene: ConsoleScene, said: Sequence[str]) -> str:
    container = scene.container
    at = scene.clock.now() - timedelta(days=1)
    for number, text in enumerate(_taken(said, 30), start=1):
        post = stored_post(number, text, published_at=at, fetched_at=at, stored_at=at)
        await container.store.upsert([post])
        await container.learning.corrections.correct(
            SYSTEM, post.id, head="sentiment", label="negative", note=text[:900]
        )
    words = table_of([entry("上号刷单", id="lex_new", category="fraud", hits="快来上号刷单吧")])
    candidate = lexicon_candidate(words.encode(), file=Path("三月词表.tsv"))
    evaluated = await container.learning.evaluator.evaluate(
        SYSTEM, candidate, tell=lambda stage, done, of: None
    )
    (kept,) = await container.learning.evaluator.recent(SYSTEM, limit=1)
    told: Evaluation = replace(
        kept,
        id="evl_sample",
        name=said[0][:100] or "候选",
        result={**evaluated.result, "incidents": answer(said), "incidents_note": None},
    )
    async with container.database.write() as connection:
        await repository.add_evaluation(connection, told)
    return "/models/evaluations/evl_sample"


async def _models(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _evaluation(scene, said)
    await scene.container.learning.switches.switch(
        SYSTEM, (await _newest(scene)).id, reason=said[0][:900], force=True
    )
    return "/models"


async def _newest(scene: ConsoleScene) -> Evaluation:
    every = await scene.container.learning.evaluator.recent(SYSTEM, limit=5)
    return next(item for item in every if item.id != "evl_sample")


async def _trial(scene: ConsoleScene, said: Sequence[str]) -> str:
    words = table_of([entry("上号刷单", id="lex_new", category="fraud", hits="快来上号刷单吧")])
    name = Path((said[0].replace("/", "")[:60].strip("\x00") or "候选") + ".tsv")
    candidate = replace(lexicon_candidate(words.encode(), file=Path("w.tsv")), name=name.name)
    trial = scene.container.learning.trials.begin(SYSTEM, candidate)
    scene.container.learning.trials.cancel(SYSTEM, trial.id)
    return f"/models/trials/{trial.id}"


RULES_SAMPLES: dict[str, Sample] = {
    "/lexicon": _lexicon,
    "/lexicon/entries/{entry_id}": _entry,
    "/lexicon/versions": _versions,
    "/lexicon/versions/{number}": _version,
    "/rules": _rules,
    "/rules/{rule_id}": _rule,
    "/backtests": _backtests,
    "/backtests/{backtest_id}": _backtest,
    "/playbooks/{playbook_id}": _playbook,
    "/drills": _drills,
    "/drills/{drill_id}": _drill,
    "/recurring": _duties,
    "/recurring/{recurring_id}": _duty,
    "/models": _models,
    "/models/evaluations/{evaluation_id}": _evaluation,
    "/models/trials/{trial_id}": _trial,
}
"""By path, as the place has it."""
