"""Rules of an installation over those that ship: changed, added, refused with their places."""

from __future__ import annotations

from typing import Any

import pytest

from playbooks import (
    ContentErrors,
    Document,
    Facts,
    Library,
    Mode,
    Scope,
    document_of,
    evaluate,
    lay_rules,
    raisable,
    read_document,
    rule_data,
)

QUALITY = Scope(scenario="product_quality", has_brand=True)


def entry(**data: Any) -> Document:
    return document_of(data, place="overlay.yaml")


def written(text: str) -> Document:
    document, problems = read_document(text, place="overlay.yaml")
    assert document is not None
    assert problems == []
    return document


def refused(library: Library, *entries: Document) -> list[str]:
    with pytest.raises(ContentErrors) as caught:
        lay_rules(library, entries)
    return [str(problem) for problem in caught.value.errors]


def whole(name: str = "mine", **changes: Any) -> Document:
    return entry(
        **{
            "id": name,
            "name": {"zh": "自定", "en": "Mine"},
            "kind": "crisis",
            "scenarios": "any",
            "tier": "orange",
            "when": {"fact": "negative_1h", "at_least": 3},
            "why": {"zh": "测试"},
        }
        | changes
    )


def test_no_entries_leave_the_library_as_it_is(library: Library) -> None:
    assert lay_rules(library, ()) is library


def test_a_shipped_rule_takes_the_keys_that_are_given(library: Library) -> None:
    laid = lay_rules(library, [entry(id="burst", tier="yellow")])

    before, after = library.rules["burst"], laid.rules["burst"]
    assert (after.tier, after.when, after.name) == ("yellow", before.when, before.name)


def test_thresholds_change_bounds_by_fact_and_by_clause(library: Library) -> None:
    for name in ("negative_1h", "negative_1h ≥ 20", "negative_1h >= 20"):
        laid = lay_rules(library, [entry(id="burst", thresholds={name: 30})])
        facts = {"negative_1h": 29, "severity_max_1h": 4}

        assert [match.rule_id for match in evaluate(library, QUALITY, Facts(facts))] == ["burst"]
        assert evaluate(laid, QUALITY, Facts(facts)) == ()
        assert len(evaluate(laid, QUALITY, Facts(facts | {"negative_1h": 30}))) == 1


def test_a_rule_that_is_switched_off_matches_nothing_and_may_be_named(library: Library) -> None:
    laid = lay_rules(library, [entry(id="burst", enabled=False)])

    facts = Facts({"negative_1h": 20, "severity_max_1h": 4, "injury_posts_24h": 1})
    assert "burst" in laid.rules["injury"].inhibited_by
    assert [match.rule_id for match in evaluate(laid, QUALITY, facts)] == ["injury"]


def test_a_new_rule_may_be_named_by_another_new_one(library: Library) -> None:
    laid = lay_rules(library, [whole("first", inhibited_by=["second"]), whole("second")])

    assert [match.rule_id for match in evaluate(laid, QUALITY, Facts({"negative_1h": 3}))] == [
        "second"
    ]


def test_the_version_is_that_of_what_is_laid_not_of_its_order(library: Library) -> None:
    first, second = whole("first"), whole("second", mode="shadow")
    versions = {
        library.version,
        lay_rules(library, [first]).version,
        lay_rules(library, [first, second]).version,
    }

    assert len(versions) == 3
    assert lay_rules(library, [second, first]).version in versions


def test_a_rule_survives_being_written_down(library: Library) -> None:
    laid = lay_rules(library, [whole(mode="shadow")])

    assert laid.rules["mine"].mode is Mode.SHADOW
    again = lay_rules(library, [document_of(rule_data(laid.rules["mine"]), place="again")])
    assert again.version == laid.version


def test_every_mistake_of_every_entry_is_named_with_its_place(library: Library) -> None:
    text = "id: burst\ntier: purple\nthresholds:\n  posts_1h: 9\n"

    assert refused(library, written(text), whole("mine", inhibited_by=["nobody"]), entry(id=7)) == [
        "overlay.yaml:1:1: `id`: Input should be a valid string",
        "overlay.yaml:1:1: `kind` is missing",
        "overlay.yaml:1:1: `name` is missing",
        "overlay.yaml:1:1: `scenarios` is missing",
        "overlay.yaml:1:1: `tier` is missing",
        "overlay.yaml:1:1: `when` is missing",
        "overlay.yaml:1:1: `why` is missing",
        "overlay.yaml:1:1: there is no rules/nobody",
        "overlay.yaml:2:7: 'purple' is none of yellow, orange, red",
        "overlay.yaml:4:13: 'posts_1h' is no clause of the rule; name one of: "
        "negative_1h ≥ 20, negative_share_1h > 0.5, severity_max_1h ≥ 4",
    ]


def test_a_problem_of_data_without_lines_has_the_keys_that_lead_to_it(library: Library) -> None:
    with pytest.raises(ContentErrors) as caught:
        lay_rules(library, [whole(when={"all": [{"fact": "nonsense", "at_least": 1}]})])

    assert ("when", "all", 0, "fact") in [problem.path for problem in caught.value.errors]


def test_an_ambiguous_fact_is_asked_back(library: Library) -> None:
    twice = {"any": [{"fact": "posts_1h", "at_least": 5}, {"fact": "posts_1h", "above": 7}]}
    laid = lay_rules(library, [whole(when=twice)])

    (message,) = refused(laid, entry(id="mine", thresholds={"posts_1h": 9}))
    assert message.endswith(
        "'posts_1h' stands for several clauses; name one of: posts_1h > 7, posts_1h ≥ 5"
    )


def test_a_negated_clause_is_followed(library: Library) -> None:
    when = {
        "all": [{"fact": "posts_1h", "at_least": 5}, {"not": {"fact": "has_brand", "is": True}}]
    }
    laid = lay_rules(library, [whole(when=when)])
    other = lay_rules(laid, [entry(id="mine", thresholds={"has_brand": False})])

    assert rule_data(other.rules["mine"])["when"]["all"][1] == {
        "not": {"fact": "has_brand", "is": False}
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"thresholds": 3}, "`thresholds` is a mapping"),
        ({"thresholds": {"negative_1h": "x"}}, "'x' is no bound of negative_1h: give a number"),
        ({"thresholds": {"negative_1h": True}}, "True is no bound of negative_1h: give a number"),
        ({"thresholds": {"negative_1h": 10**400}}, "no bound of negative_1h: give one within"),
        ({"thresholds": {"negative_1h": -(10**16)}}, "no bound of negative_1h: give one within"),
        ({"thresholds": {"negative_1h": 10**5000}}, "no bound of negative_1h: give one within"),
        ({"thresholds": {"negative_1h": float("nan")}}, "no bound of negative_1h"),
        ({"thresholds": {}, "when": {"fact": "posts_1h", "above": 1}}, "write them into `when`"),
        ({"enabled": None}, "`enabled`: Input should be a valid boolean"),
        ({"surprise": 1}, "unknown key `surprise`"),
    ],
)
def test_what_cannot_be_followed_is_refused(
    library: Library, changes: dict[str, Any], said: str
) -> None:
    assert said in "\n".join(refused(library, entry(id="burst", **changes)))


def test_what_the_lint_calls_an_error_is_refused(library: Library) -> None:
    never = {"all": [{"fact": "posts_1h", "at_least": 5}, {"fact": "posts_1h", "below": 5}]}

    (message,) = refused(library, whole(when=never))
    assert "can never match" in message


def test_a_rule_twice_and_what_is_no_mapping_are_refused(library: Library) -> None:
    assert refused(library, whole(), whole(), document_of(["x"], place="overlay.yaml")) == [
        "overlay.yaml:1:1: expected `key: value` lines, `id` first",
        "overlay.yaml:1:1: rule 'mine' stands here twice",
    ]


def test_a_higher_bound_makes_only_some_clauses_stricter(library: Library) -> None:
    when = {
        "all": [
            {"fact": "posts_1h", "at_least": 5},
            {"fact": "history_h", "below": 24},
            {"any": [{"fact": "negative_1h", "above": 3}, {"fact": "has_brand", "is": True}]},
            {"not": {"fact": "distinct_1h", "at_least": 3}},
        ]
    }
    laid = lay_rules(library, [whole(when=when)])

    assert [item.fact for item in raisable(laid.rules["mine"].when)] == ["posts_1h", "negative_1h"]
