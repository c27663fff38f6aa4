"""Models and learning in the console: compared, switched with a reason, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from nicegui import ui

from service.auth import SYSTEM, Role
from service.learning import Kind, TrialState
from service.lexicon import table_of
from tests.service.lexicon.rows import entry
from tests.support.console_scene import ConsoleScene, Viewer
from tests.support.stored_posts import stored_post

WORDS = table_of([entry("上号刷单", id="lex_new", category="fraud", hits="快来上号刷单吧")])
ASKED: dict[str, Any] = {
    "kind": "lexicon",
    "folder": "",
    "name": "三月词表",
    "content": WORDS,
    "split": "",
    "posts": False,
    "since": "",
    "until": "",
    "monitor": "",
}


async def corrected(scene: ConsoleScene) -> None:
    """Somebody has said what a post is."""
    at = scene.clock.now() - timedelta(days=1)
    post = stored_post(1, "快来上号刷单吧", published_at=at, fetched_at=at, stored_at=at)
    await scene.container.store.upsert([post])
    await scene.container.learning.corrections.correct(
        SYSTEM, post.id, head="sentiment", label="negative"
    )


async def evaluated(scene: ConsoleScene, token: str) -> tuple[str, Viewer]:
    """The id of an evaluation that was begun on the page, and the page of its trial."""
    page = await scene.look("/new-evaluation", token)
    page.send("evaluation-new", **ASKED)
    trials = scene.container.learning.trials
    await page.until(lambda: trials.every(SYSTEM))
    trial = trials.every(SYSTEM)[0]
    shown = await scene.look(f"/models/trials/{trial.id}", token)
    for _ in range(8):
        if not trial.is_running:
            break
        try:
            await shown.until(lambda: not trial.is_running)
        except AssertionError:
            continue
    assert (trial.state, trial.reason) == (TrialState.DONE, None)
    assert trial.found is not None
    return str(trial.found.evaluation_id), shown


async def test_words_are_compared_switched_to_and_taken_back(scene: ConsoleScene):
    await corrected(scene)
    token = await scene.person("wang", Role.LEAD)
    nothing = await scene.look("/models", token)
    assert "还没有对照过" in nothing.texts
    evaluation_id, shown = await evaluated(scene, token)
    trial = scene.container.learning.trials.every(SYSTEM)[0]
    await shown.until(lambda: any(evaluation_id in script for script in shown.scripts))

    page = await scene.look(f"/models/evaluations/{evaluation_id}?trial={trial.id}", token)
    assert "与人的判断对照" in page.texts
    assert "没有重演事件" in page.texts
    page.send(f"switch-{evaluation_id}", reason="识别刷单", force=False)
    await page.until(lambda: any("已切换" in script for script in page.scripts))
    shelf = scene.container.lexicon.directory.shelf
    assert (shelf.number, "lex_new" in shelf.records) == (1, True)

    page = await scene.look("/models", token)
    assert "切换词条" in page.texts
    assert "识别刷单" in page.texts
    page.press("back")
    await page.until(lambda: "退回第 1 次切换" in page.texts and page.of(ui.dialog))
    page.answer("退回第 1 次切换")
    await page.until(lambda: any("已退回" in script for script in page.scripts))
    history = await scene.container.learning.switches.history(SYSTEM)
    assert [(item.kind, item.undoes) for item in history] == [
        (Kind.LEXICON, 1),
        (Kind.LEXICON, None),
    ]


async def test_a_switch_that_is_refused_says_why_and_can_be_forced_with_a_reason(
    scene: ConsoleScene,
):
    await corrected(scene)
    token = await scene.person("wang", Role.LEAD)
    evaluation_id, _ = await evaluated(scene, token)
    await scene.container.learning.corrections.correct(
        SYSTEM, stored_post(1).id, head="emotion", label="angry"
    )
    page = await scene.look(f"/models/evaluations/{evaluation_id}", token)
    page.send(f"switch-{evaluation_id}", reason="", force=False)
    await page.until(lambda: any("since" in text for text in page.texts))
    page.send(f"switch-{evaluation_id}", reason="", force=True)
    await page.until(lambda: page.refused("reason"))
    page.send(f"switch-{evaluation_id}", reason="等不及", force=True)
    await page.until(lambda: any("已切换" in script for script in page.scripts))
    (step,) = await scene.container.learning.switches.history(SYSTEM)
    assert (step.forced, step.reason) == (True, "等不及")


async def test_what_is_wrong_with_a_candidate_stands_at_its_field(scene: ConsoleScene):
    page = await scene.look("/new-evaluation", await scene.person("lin", Role.ANALYST))
    page.send("evaluation-new", **(ASKED | {"content": ""}))
    await page.until(lambda: page.refused("content") == "必填")
    page.send("evaluation-new", **(ASKED | {"kind": "encoder"}))
    await page.until(lambda: page.refused("folder"))
    page.send("evaluation-new", **(ASKED | {"kind": "rules", "content": "- {id: x"}))
    await page.until(lambda: "content:1:" in page.refused("content"))
    assert scene.container.learning.trials.every(SYSTEM) == ()


async def test_who_may(scene: ConsoleScene):
    token = await scene.person("eva", Role.VIEWER)
    page = await scene.look("/models", token)
    assert "正在使用" in page.texts
    assert "back" not in page.keys
    browser = await scene.http(token)
    assert (await browser.get("/console/new-evaluation")).status_code == 403
    for path in ("evaluations/evl_none", "trials/trl_none"):
        assert (await browser.get(f"/console/models/{path}")).status_code == 404
