from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from playbooks import Library, Step, load_library
from playbooks.merging import followed
from tests.playbooks.sample import replaced, write_content
from tests.playbooks.test_loader import errors_of

PLAYBOOK = "playbooks/product_quality.yaml"


def test_steps_come_in_the_order_of_the_ladder_then_the_playbook(library: Library) -> None:
    ids = [step.id for step in library.playbook("product_quality").steps]
    assert ids[:3] == ["detected", "acknowledge", "team"]
    assert ids[-1] == "sample"


def test_an_overlay_changes_only_the_keys_it_names(library: Library) -> None:
    team = library.playbook("product_quality").by_id()["team"]
    assert team.template == "product_quality.holding"
    assert team.offset("red") == timedelta(minutes=30)


def test_a_text_for_one_tier_is_added(library: Library) -> None:
    team = library.playbook("product_quality").by_id()["team"]
    assert [text.zh for text in map(team.instructions, ("red", "orange")) if text] == [
        "高管到场",
        "拉群",
    ]


def test_a_plain_text_replaces_all(tmp_path: Path) -> None:
    changes = replaced(
        PLAYBOOK, "- id: team\n    do: {red: {zh: 高管到场}}", "- id: assess\n    do: {zh: 新}"
    )
    assess = (
        load_library(write_content(tmp_path, changes)).playbook("product_quality").by_id()["assess"]
    )
    assert {tier: text.zh for tier, text in assess.do.items()} == {"all": "新"}


def test_an_empty_due_takes_the_step_away(tmp_path: Path) -> None:
    changes = replaced(PLAYBOOK, "- id: sample", "- id: debrief\n    due: {}\n  - id: sample")
    step = load_library(write_content(tmp_path, changes)).playbook("product_quality").by_id()
    assert not step["debrief"].in_tier("red")


def test_a_later_ladder_is_laid_over_an_earlier(tmp_path: Path) -> None:
    outage = """\
id: outage
name: {zh: 中断, en: Outage}
steps:
  - {id: team, title: {zh: 更快, en: Faster}, role: tech, anchor: first_post, due: {all: 20m}}
"""
    changes = replaced(PLAYBOOK, "[standard]", "[standard, outage]")
    changes["ladders/outage.yaml"] = outage
    steps = load_library(write_content(tmp_path, changes)).playbook("product_quality").steps
    assert (steps[2].title.zh, steps[2].offset("yellow")) == ("更快", timedelta(minutes=20))


def test_a_step_of_its_own_is_complete(tmp_path: Path) -> None:
    changes = replaced(PLAYBOOK, "    role: tech\n", "")
    assert errors_of(tmp_path, changes) == [
        f"{PLAYBOOK}:10:5: `role` is missing: no ladder of this playbook has a step 'sample'"
    ]


def test_an_overlay_cannot_empty_what_a_step_must_have(tmp_path: Path) -> None:
    changes = replaced(PLAYBOOK, "- id: sample", "- id: debrief\n    do: null\n  - id: sample")
    assert errors_of(tmp_path, changes) == [f"{PLAYBOOK}:11:9: `do` cannot be empty: leave it out"]


def test_an_overlay_may_take_a_template_away(tmp_path: Path) -> None:
    changes = replaced(PLAYBOOK, "template: product_quality.holding", "template: null")
    team = (
        load_library(write_content(tmp_path, changes)).playbook("product_quality").by_id()["team"]
    )
    assert team.template is None


def test_a_problem_is_told_where_the_ladder_wrote_the_key(tmp_path: Path) -> None:
    changes = replaced("ladders/standard.yaml", "needs: [team]", "needs: [nobody]")
    assert errors_of(tmp_path, changes) == [
        "ladders/standard.yaml:28:12: playbook has no step 'nobody'"
    ]


def test_a_tier_that_follows_takes_what_content_does_not_say_for_it() -> None:
    step = Step.model_validate(
        {
            "id": "s",
            "title": {"zh": "题"},
            "role": "pr",
            "anchor": "opened",
            "due": {"all": "4h", "yellow": "2h"},
            "do": {"all": {"zh": "都"}, "yellow": {"zh": "黄"}},
        }
    )
    made = followed(step, {"blue": "yellow"})
    assert made.offset("blue") == timedelta(hours=2)
    assert made.instructions("blue") == step.instructions("yellow")
    assert followed(step, {"blue": "red"}) is step  # red is not named: blue has `all` as it has


def test_a_tier_that_follows_keeps_what_content_says_for_it() -> None:
    step = Step.model_validate(
        {
            "id": "s",
            "title": {"zh": "题"},
            "role": "pr",
            "anchor": "opened",
            "due": {"blue": "8h", "yellow": "2h"},
        }
    )
    assert followed(step, {"blue": "yellow"}).offset("blue") == timedelta(hours=8)
