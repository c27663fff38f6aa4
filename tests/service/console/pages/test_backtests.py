"""Back-tests in the console: asked, watched, stopped, set side by side, put in shadow."""

from __future__ import annotations

from typing import Any

from service.auth import SYSTEM, Role
from service.backtest import Ask, BacktestState
from service.rules import RuleState
from tests.support.console_scene import ConsoleScene

RULE = "negative_burst_yellow"
CANDIDATE = {"id": RULE, "thresholds": {"negative_1h": 25}}
AT = "2026-03-08T12:35:13.000Z"


def incident(tier: Any, **more: Any) -> dict[str, Any]:
    return {
        "monitor": "chenyu",
        "scenario": "pricing_refunds",
        "tier": tier,
        "first_post_at": AT,
        "opened_at": AT,
        "delay_s": 380.0,
        "posts": 12,
        "tiers": [{"tier": "yellow", "at": AT, "rules": [RULE]}],
        "reasons": [{"clause": "negative_1h ≥ 10", "value": 12, "threshold": 10}],
        "label": None,
        "samples": [
            {"post": "p1", "source": "weibo", "published_at": AT, "text": "<b>退款</b>不给退"}
        ],
        **more,
    }


def side(count: int, **more: Any) -> dict[str, Any]:
    return {
        "incidents": count,
        "by_tier": {"yellow": count},
        "alerts": count,
        "alerts_per_week": float(count),
        "nights": {"2026-03-07": count},
        "busiest_night": count,
        "delay_s": {"p50": 300.0, "p90": None},
        "labels": {"judged": 0},
        "list": [],
        **more,
    }


def result(**more: Any) -> dict[str, Any]:
    return {
        "span": {"from": AT, "to": AT, "posts": 6789, "monitors": ["chenyu"]},
        "rules": {
            "current": "a",
            "candidate": "b",
            "changed": [{"rule": RULE, "keys": {"when": {"before": {"fact": "x"}, "after": None}}}],
        },
        "current": side(3),
        "candidate": side(2, labels={"judged": 2, "right": 1}),
        "incidents": {
            "same": 1,
            "gained": [],
            "lost": [incident("yellow")],
            "changed": [incident({"before": "red", "after": "orange"}, later_s=60.0)],
            "moved": [
                {
                    "monitor": "chenyu",
                    "scenario": "outage",
                    "opened_at": {"before": AT, "after": AT},
                    "later_s": 380.0,
                }
            ],
        },
        **more,
    }


async def played(scene: ConsoleScene, answer: dict[str, Any]) -> str:
    """The id of a back-test that has come to that answer."""
    office = scene.container.backtests
    run = await office.begin(SYSTEM, Ask(rules=(CANDIDATE,)).to_json())
    await office.take("test")
    await office.finish(run.id, answer)
    return run.id


async def test_a_back_test_is_asked_for_and_mistakes_stand_at_their_fields(scene: ConsoleScene):
    page = await scene.look("/new-backtest", await scene.person("lin", Role.ANALYST))
    page.send("backtest-new", rules="- {id: x", budget="3", monitor="", lexicon="")
    await page.until(lambda: "rules:1:" in page.refused("rules"))
    page.send("backtest-new", rules=f"- {{id: {RULE}, tier: blue}}", budget="", monitor="")
    await page.until(lambda: "'blue'" in page.refused("rules"))
    assert page.refused("rules").startswith("rules:1:")
    page.send("backtest-new", rules="", budget="viel", monitor="")
    await page.until(lambda: page.refused("budget"))
    page.send(
        "backtest-new",
        rules=f'rules:\n  - id: {RULE}\n    thresholds: {{"negative_1h": 25}}\n',
        budget="3",
        monitor="",
        since="2024-02-01T00:00",
    )
    await page.until(lambda: any('"/console/backtests/btt_' in script for script in page.scripts))
    (run,) = (await scene.container.backtests.page(after=None, limit=5)).items
    assert (run.state, run.asked["budget"]) == (BacktestState.QUEUED, "3/night")
    assert run.asked["rules"] == [CANDIDATE]
    assert run.asked["from"] == "2024-02-01T00:00:00+08:00"


async def test_one_that_goes_on_shows_how_far_it_is_and_is_stopped(scene: ConsoleScene):
    office = scene.container.backtests
    run = await office.begin(SYSTEM, Ask(rules=(CANDIDATE,)).to_json())
    await office.take("test")
    await office.beat(run.id, stage="candidate", done=120, of=400)
    page = await scene.look(f"/backtests/{run.id}", await scene.person("lin", Role.ANALYST))
    assert "演候选规则 120 / 400" in page.texts
    page.press("cancel")
    await page.until(lambda: "停下这次回测？" in page.texts)
    page.answer("停下")
    await page.until(lambda: "○ 已停下" in page.texts)
    assert (await office.get(run.id)).state is BacktestState.CANCELLED


async def test_both_sides_stand_beside_each_other(scene: ConsoleScene):
    run_id = await played(scene, result())
    page = await scene.look(f"/backtests/{run_id}", await scene.person("eva", Role.VIEWER))
    for text in (
        "少开 1 件",
        "多开 0 件",
        "改级 1 件",
        "早晚有变 1 件",
        "▼ −1",
        "2 件判过，1 件对",
    ):
        assert text in page.texts, text
    assert "<b>退款</b>不给退" in page.texts
    assert "晚 6分 20秒" in page.texts
    assert "take-shadow" not in page.keys
    listed = await scene.look("/backtests", await scene.person("lin", Role.ANALYST))
    assert "多开 0，少开 1，改级 1，早晚有变 1" in listed.texts


async def test_what_was_tried_is_put_in_shadow_after_asking(scene: ConsoleScene):
    run_id = await played(scene, result())
    page = await scene.look(f"/backtests/{run_id}", await scene.person("lin", Role.ANALYST))
    page.press("take-shadow")
    await page.until(lambda: "以影子方式启用？" in page.texts)
    page.answer("先影子运行")
    directory = scene.container.rules.directory
    await page.until(lambda: directory.get(RULE).state is RuleState.SHADOW)
    overlay = directory.get(RULE).overlay
    assert overlay is not None
    assert overlay.data["thresholds"] == {"negative_1h": 25}


async def test_a_proposal_for_the_nights_is_shown_with_its_grid(scene: ConsoleScene):
    grid = [
        {
            "rule": RULE,
            "factor": 1.5,
            "thresholds": {"negative_1h": 15},
            "busiest_night": 2,
            "pages": 6,
            "kept": 3,
            "lowered": 0,
            "of": 3,
            "later_s": 99.0,
        }
    ]
    budget = {"pages_a_night": 3, "busiest_night": 2, "fits": True, "grid": grid, "rules": []}
    run_id = await played(scene, result(budget=budget))
    page = await scene.look(f"/backtests/{run_id}", await scene.person("lin", Role.ANALYST))
    assert "每夜至多 3 次通知" in page.texts
    assert "3 / 3" in page.texts


async def test_one_that_failed_says_why_and_can_be_asked_again(scene: ConsoleScene):
    office = scene.container.backtests
    run = await office.begin(SYSTEM, Ask(rules=(CANDIDATE,)).to_json())
    await office.take("test")
    await office.fail(run.id, "no stored post of a monitor lies in that time")
    token = await scene.person("lin", Role.ANALYST)
    page = await scene.look(f"/backtests/{run.id}", token)
    assert "no stored post of a monitor lies in that time" in page.texts
    again = await scene.look(f"/new-backtest?of={run.id}", token)
    assert any(RULE in str(item.props.get("defaultValue", "")) for item in again.elements) or any(
        RULE in text for text in again.texts
    )


async def test_who_may(scene: ConsoleScene):
    browser = await scene.http(await scene.person("eva", Role.VIEWER))
    assert (await browser.get("/console/new-backtest")).status_code == 403
    assert (await browser.get("/console/backtests/btt_none")).status_code == 404
