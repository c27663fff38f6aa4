"""The shipped scenarios and playbooks against what was promised of them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from playbooks import load_library
from playbooks.schema import SCENARIOS, Kind, Playbook, StatementKind

LIBRARY = load_library()
TIERS = LIBRARY.tiers.ids
CRISES = [book for book in LIBRARY.playbooks.values() if book.kind is Kind.CRISIS]
MATTERS = {
    "extreme_speech_sanctioned",
    "group_owner_fakes",
    "ip_or_reputation_claim",
    "induced_sharing",
    "staff_exporting_personal_data",
    "inconsistent_prices_by_service_staff",
}

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STANDARD: dict[str, tuple[str, tuple[timedelta | None, ...]]] = {
    "detected": ("first_post", (10 * M, 10 * M, 10 * M)),
    "acknowledge": ("opened", (30 * M, 15 * M, 5 * M)),
    "first_response": ("opened", (2 * H, 1 * H, 30 * M)),
    "team_complete": ("opened", (None, 1 * H, 1 * H)),
    "impact_assessed": ("step:team_complete", (None, 30 * M, 30 * M)),
    "holding_statement": ("step:impact_assessed", (None, 15 * M, 15 * M)),
    "service_recovered": ("opened", (None, 4 * H, 4 * H)),
    "rectification_plan": ("opened", (None, 24 * H, 24 * H)),
    "authoritative_update": ("first_post", (None, 24 * H, 5 * H)),
    "contained": ("first_post", (48 * H, 48 * H, 48 * H)),
    "five_why_review": ("step:close", (7 * D, 7 * D, 72 * H)),
}
"""The table of tiers and clocks; None is a tier without the step."""

PAGE = (Path(__file__).resolve().parents[2] / "docs/playbooks.md").read_text(encoding="utf-8")

_TIME = re.compile(r"(\d+) (d|h|min)\b")
_ARTICLE = re.compile(r"第[零一二三四五六七八九十百千]+[条章]|[Aa]rticle \d+")


@pytest.mark.parametrize("playbook", CRISES, ids=lambda book: book.id)
def test_every_crisis_honours_the_table(playbook: Playbook) -> None:
    steps = playbook.by_id()
    for name, (anchor, offsets) in STANDARD.items():
        step = steps[name]
        assert step.anchor == anchor
        found = tuple(step.offset(tier) if step.in_tier(tier) else None for tier in TIERS)
        assert found == offsets, name


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_a_playbook_of_its_own_with_steps_beyond_the_ladders(name: str) -> None:
    playbook = LIBRARY.playbook(LIBRARY.scenarios[name].playbook)
    assert playbook.scenario == name
    shared = {step.id for ladder in playbook.ladders for step in LIBRARY.ladders[ladder].steps}
    own = [step for step in playbook.steps if step.id not in shared]
    assert len(own) >= 4
    assert any(len(step.do) > 1 for step in own), "no step differs by tier"


@pytest.mark.parametrize("name", SCENARIOS)
def test_everything_around_a_scenario_is_there(name: str) -> None:
    scenario = LIBRARY.scenarios[name]
    assert scenario.recognise.en
    assert scenario.not_this
    assert scenario.legal_basis
    assert scenario.never_say
    assert scenario.checks
    assert scenario.monitor_afterwards
    for basis in scenario.legal_basis:
        assert basis.article is None or _ARTICLE.search(basis.article), basis.article


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_its_statements(name: str) -> None:
    scenario = LIBRARY.scenarios[name]
    kinds = {LIBRARY.template(template).kind for template in scenario.templates}
    assert {StatementKind.HOLDING, StatementKind.UPDATE, StatementKind.CLOSING} <= kinds
    # a rumour that is false needs no apology; a true point belongs to another scenario
    assert (StatementKind.APOLOGY in kinds) is (name != "rumour_smear")


def test_templates_of_the_steps_are_those_of_the_scenario() -> None:
    for name in SCENARIOS:
        scenario = LIBRARY.scenarios[name]
        used = {step.template for step in LIBRARY.playbook(scenario.playbook).steps}
        assert used - {None} <= set(scenario.templates), name


def test_each_disputed_matter_has_one_scenario() -> None:
    taken = [taken.matter for name in SCENARIOS for taken in LIBRARY.scenarios[name].takes]
    assert sorted(taken) == sorted(set(taken))
    assert set(taken) >= MATTERS


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_is_planned_by_a_case_in_every_tier(name: str, tier: str) -> None:
    plans = [case.plan for case in LIBRARY.cases.values() if case.plan is not None]
    assert any(plan.scenario == name and plan.tier == tier for plan in plans)


def told_times() -> dict[tuple[str, str], tuple[str, tuple[timedelta | None, ...]]]:
    """Anchor and offsets by playbook and step, as the page has them."""
    section = PAGE.partition("## Steps of single playbooks")[2].partition("\n## ")[0]
    told = {}
    playbooks: tuple[str, ...] = ()
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) < 6 or not cells[1].startswith("`"):
            continue
        playbooks = tuple(cells[0].split(", ")) if cells[0] else playbooks
        if cells[1].count("`") > 2:
            continue  # several steps of a kind that is no crisis
        times = tuple(
            sum((int(n) * {"d": D, "h": H, "min": M}[u] for n, u in _TIME.findall(cell)), 0 * M)
            or None
            for cell in cells[3:6]
        )
        told.update({(name, cells[1].split("`")[1]): (cells[2], times) for name in playbooks})
    return told


def test_the_page_tells_the_times_of_every_step_of_a_crisis() -> None:
    kept = {}
    for playbook in CRISES:
        shared = {step.id for ladder in playbook.ladders for step in LIBRARY.ladders[ladder].steps}
        for step in playbook.steps:
            if step.id not in shared:
                times = tuple(step.offset(tier) if step.in_tier(tier) else None for tier in TIERS)
                kept[playbook.id, step.id] = (step.anchor, times)
    told = {key: row for key, row in told_times().items() if key[0] in {book.id for book in CRISES}}
    assert told == kept
