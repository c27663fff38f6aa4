from __future__ import annotations

from typing import Any

import pytest

from service.auth import SYSTEM, Role
from tests.support.console_scene import ConsoleScene

EXPLANATION: dict[str, Any] = {
    "next": {
        "tier": "orange",
        "rules": [
            {
                "rule": "gone_rule",
                "reached": 0.61,
                "missing": [
                    {"clause": "negative_1h ≥ 70", "value": 43, "threshold": 70, "reached": 0.61}
                ],
                "text": {"zh": "…", "en": "…"},
            }
        ],
    },
    "baseline": {
        "posts": {"seen": 50, "expected": 4.0, "score": 1.0, "hours": [3, 4, 5]},
        "negative": {"seen": 43, "expected": 0.8333, "score": 1.0, "hours": [1, 0, 1]},
        "history_h": 72,
    },
    "first_post": {"post": None, "at": "2024-03-01T02:00:00.000Z"},
    "terms": [{"term": "<b>漏水</b>", "posts": 30, "background": 0}],
    "spreaders": [],
    "copies": {"posts": 51, "distinct": 22, "groups": []},
}


async def texts(scene: ConsoleScene, *, language: str = "zh", **explanation: Any) -> list[str]:
    incident = await scene.open(explanation=EXPLANATION | explanation)
    token = await scene.person("lin", Role.VIEWER)
    return (await scene.look(f"/incidents/{incident.id}", token, language=language)).texts


async def test_what_the_hour_was_compared_with_is_told(scene: ConsoleScene):
    shown = await texts(scene)
    assert "定级时：近 1 小时负面 43 帖，平时 0.8 帖（比较了 3 个时段）。" in shown
    assert "共 51 帖，22 种文案。" in shown
    assert "<b>漏水</b>" in shown


async def test_what_the_next_tier_would_have_taken_is_told(scene: ConsoleScene):
    shown = await texts(scene)
    assert "定级时距“较大”还差什么" in shown
    place = shown.index("gone_rule")
    assert shown[place + 1 : place + 3] == ["已到 61%", "负面帖数（近 1 小时） ≥ 70 · 实际 43"]


async def test_a_rule_of_the_installation_is_named_as_it_is_in_force(scene: ConsoleScene):
    mine = {
        "name": {"zh": "排队不满", "en": "Anger about queues"},
        "kind": "crisis",
        "scenarios": ["service_aftersales"],
        "tier": "yellow",
        "when": {"fact": "negative_1h", "at_least": 6},
        "why": {"zh": "一小时六条以上抱怨排队。"},
    }
    await scene.container.rules.desk.put(SYSTEM, "queue_anger", mine)
    near = EXPLANATION["next"]["rules"][0] | {"rule": "queue_anger"}
    reason = {"clause": "negative_1h ≥ 6", "value": 9, "threshold": 6, "rules": ["queue_anger"]}
    following = EXPLANATION["next"] | {"rules": [near]}
    incident = await scene.open(explanation=EXPLANATION | {"next": following}, reasons=(reason,))
    token = await scene.person("lin", Role.VIEWER)
    shown = (await scene.look(f"/incidents/{incident.id}", token, language="zh")).texts
    # Above the reasons, and among what the next tier would have taken.
    assert shown.count("排队不满") == 2
    assert "一小时六条以上抱怨排队。" in shown


async def test_in_english(scene: ConsoleScene):
    shown = await texts(scene, language="en")
    assert "What “Major” would have taken" in shown
    assert "61% of the way" in shown


async def test_what_the_store_did_not_answer_is_left_out(scene: ConsoleScene):
    shown = await texts(scene, next=None, terms=None, copies=None)
    assert any(text.startswith("定级时：") for text in shown)
    assert not any("文案。" in text or "还差" in text for text in shown)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_without_an_explanation_nothing_is_said_of_it(scene: ConsoleScene, language: str):
    incident = await scene.open()
    token = await scene.person("lin", Role.VIEWER)
    shown = (await scene.look(f"/incidents/{incident.id}", token, language=language)).texts
    assert not any("定级时" in text or "At that time" in text for text in shown)
