"""Evaluations begun from a page: one at a time, watched, called off."""

from __future__ import annotations

import asyncio

import pytest

from service.errors import Conflict, Forbidden, NotFound
from service.learning import Trial, Trials, TrialState, encoder_candidate
from tests.support.learning_scene import ANA, VIEWER, LearningScene


@pytest.fixture
def trials(scene: LearningScene) -> Trials:
    return Trials(scene.evaluator, scene.clock)


async def ended(trial: Trial) -> Trial:
    for _ in range(800):
        if not trial.is_running:
            return trial
        await asyncio.sleep(0.01)
    raise AssertionError(f"{trial.stage} goes on")


async def test_one_goes_on_until_it_is_recorded(scene: LearningScene, trials: Trials) -> None:
    await scene.corrected(1, "漏水")
    trial = trials.begin(ANA, encoder_candidate(scene.gloomy))
    assert (trial.state, trial.by) == (TrialState.RUNNING, ANA.id)
    with pytest.raises(Conflict, match="is being evaluated"):
        trials.begin(ANA, encoder_candidate(scene.gloomy))
    await ended(trial)
    assert (trial.state, trial.reason) == (TrialState.DONE, None)
    assert trial.found is not None
    kept = await scene.evaluator.get(VIEWER, str(trial.found.evaluation_id))
    assert kept.name == trial.candidate.name
    assert trials.every(VIEWER) == (trial,)
    assert trials.get(VIEWER, trial.id) is trial


async def test_one_is_called_off_and_leaves_nothing(scene: LearningScene, trials: Trials) -> None:
    await scene.corrected(1, "漏水")
    trial = trials.begin(ANA, encoder_candidate(scene.gloomy))
    assert trials.cancel(ANA, trial.id).state is TrialState.CANCELLED
    again = None
    for _ in range(800):
        try:
            again = trials.begin(ANA, encoder_candidate(scene.gloomy))
            break
        except Conflict:
            await asyncio.sleep(0.01)
    assert again is not None
    assert await scene.evaluator.recent(VIEWER) == ()
    assert (await ended(again)).state is TrialState.DONE


async def test_a_model_that_is_gone_is_said_to_have_failed(
    scene: LearningScene, trials: Trials
) -> None:
    await scene.corrected(1, "漏水")
    candidate = encoder_candidate(scene.gloomy)
    for file in scene.gloomy.iterdir():
        file.unlink()
    trial = await ended(trials.begin(ANA, candidate))
    assert trial.state is TrialState.FAILED
    assert trial.reason


async def test_who_may(scene: LearningScene, trials: Trials) -> None:
    with pytest.raises(Forbidden):
        trials.begin(VIEWER, encoder_candidate(scene.gloomy))
    with pytest.raises(NotFound):
        trials.get(VIEWER, "trl_none")
    with pytest.raises(NotFound):
        await scene.evaluator.get(VIEWER, "evl_none")
