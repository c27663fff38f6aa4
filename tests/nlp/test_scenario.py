"""Scenario scores from hits."""

from nlp.analysis import Hit, ScenarioScore
from nlp.scenario import merged_scenarios, scenario_scores


def hit(entry: str, severity: int, scenario: str | None, suppressed_by: str | None = None) -> Hit:
    return Hit(
        entry_id=entry,
        term="x",
        category="injury",
        severity=severity,
        scenario=scenario,
        start=0,
        end=1,
        surface="x",
        suppressed_by=suppressed_by,
    )


def test_severities_add_up_to_a_score() -> None:
    (score,) = scenario_scores([hit("a", 3, "outage"), hit("b", 1, "outage")])
    assert (score.scenario, score.score) == ("outage", 0.5)


def test_a_repeated_entry_counts_once() -> None:
    assert scenario_scores([hit("a", 4, "outage")] * 3)[0].score == 0.5


def test_suppressed_hits_and_ones_without_scenario_do_not_count() -> None:
    assert scenario_scores([hit("a", 5, "outage", "boundary"), hit("b", 5, None)]) == ()


def test_the_strongest_comes_first_and_equals_by_name() -> None:
    scores = scenario_scores(
        [hit("a", 1, "rumour_smear"), hit("b", 5, "outage"), hit("c", 1, "misconduct")]
    )
    assert [item.scenario for item in scores] == ["outage", "misconduct", "rumour_smear"]


def test_of_both_the_larger_score_counts() -> None:
    words = [ScenarioScore(scenario=name, score=score) for name, score in (("a", 0.5), ("b", 0.9))]
    model = [ScenarioScore(scenario=name, score=score) for name, score in (("a", 0.8), ("c", 0.8))]
    merged = merged_scenarios(words, model)
    assert [(item.scenario, item.score) for item in merged] == [("b", 0.9), ("a", 0.8), ("c", 0.8)]
