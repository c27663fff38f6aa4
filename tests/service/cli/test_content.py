"""`fengsui check`, `playbook show`, `lexicon stats`."""

from __future__ import annotations

import json

from tests.support.process import Shell


def test_the_shipped_content_is_sound(shell: Shell) -> None:
    done = shell("check")
    assert done.code == 0, done.err
    assert "scenarios" in done.out
    assert "lexicon entries" in done.out


def test_a_playbook_is_shown_with_its_times(shell: Shell) -> None:
    done = shell("playbook", "show", "safety_incident", "red")
    assert done.code == 0
    first, *steps = done.out.splitlines()
    assert first.startswith("safety_incident · red · ")
    assert any("+5m" in line and "acknowledge" in line for line in steps)


def test_a_graver_tier_leaves_less_time(shell: Shell) -> None:
    def wait(tier: str) -> str:
        lines = shell("playbook", "show", "product_quality", tier).out.splitlines()
        (line,) = [each for each in lines if " acknowledge " in each]
        return line.split()[0]

    assert [wait(tier) for tier in ("yellow", "orange", "red")] == ["+30m", "+15m", "+5m"]


def test_an_unclassified_crisis_has_a_playbook_too(shell: Shell) -> None:
    assert shell("playbook", "show", "unclassified", "yellow").code == 0


def test_an_unknown_tier_or_scenario_is_refused_with_the_known_ones(shell: Shell) -> None:
    tier = shell("playbook", "show", "outage", "blue")
    scenario = shell("playbook", "show", "flood", "red")
    assert (tier.code, scenario.code) == (2, 2)
    assert "yellow, orange, red" in tier.err
    assert "safety_incident" in scenario.err


def test_lexicon_stats_have_the_shape_of_the_contract(shell: Shell) -> None:
    done = shell("lexicon", "stats", "--json")
    assert done.code == 0
    stats = json.loads(done.out)
    assert stats.keys() == {"version", "active", "categories"}
    assert stats["active"] == sum(row["entries"] for row in stats["categories"].values())
    for row in stats["categories"].values():
        assert row["entries"] == sum(row["severity"].values())


def test_lexicon_stats_for_people(shell: Shell) -> None:
    done = shell("lexicon", "stats")
    assert done.code == 0
    assert any(line.startswith("injury ") for line in done.out.splitlines())
