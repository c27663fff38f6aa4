from __future__ import annotations

from playbooks import (
    Facts,
    Kind,
    Library,
    Match,
    Reason,
    Scope,
    document_of,
    evaluate,
    inhibit,
    lay_rules,
    shadow_matches,
)

QUALITY = Scope(scenario="product_quality", has_brand=True)
BURST = {"negative_1h": 20, "severity_max_1h": 4}


def ids(matches: tuple[Match, ...]) -> list[str]:
    return [match.rule_id for match in matches]


def test_a_match_has_its_reasons(library: Library) -> None:
    assert evaluate(library, QUALITY, Facts(BURST)) == (
        Match(
            rule_id="burst",
            kind=Kind.CRISIS,
            scenario="product_quality",
            tier="orange",
            reasons=(
                Reason(clause="negative_1h ≥ 20", value=20, threshold=20),
                Reason(clause="severity_max_1h ≥ 4", value=4, threshold=4),
            ),
        ),
    )


def test_calm_matches_nothing(library: Library) -> None:
    assert evaluate(library, QUALITY, Facts({"negative_1h": 19})) == ()


def test_another_match_inhibits(library: Library) -> None:
    facts = {"injury_posts_24h": 1}
    assert ids(evaluate(library, QUALITY, Facts(facts))) == ["injury"]
    assert ids(evaluate(library, QUALITY, Facts(facts | BURST))) == ["burst"]


def test_a_rule_for_brands_needs_a_brand(library: Library) -> None:
    scope = Scope(scenario="product_quality", has_brand=False)
    assert evaluate(library, scope, Facts({"injury_posts_24h": 1})) == ()


def test_unclassified_is_the_whole_monitor(library: Library) -> None:
    for scenario in (None, "unclassified"):
        scope = Scope(scenario=scenario, has_brand=False)
        (match,) = evaluate(library, scope, Facts({"posts_1h": 101}))
        assert (match.rule_id, match.scenario) == ("flood", None)


def test_a_scenario_that_matches_inhibits_the_whole_monitor(library: Library) -> None:
    whole = evaluate(library, Scope(scenario=None, has_brand=True), Facts({"posts_1h": 101}))
    burst = evaluate(library, QUALITY, Facts(BURST))
    assert inhibit({None: whole, "product_quality": burst}) == {None: (), "product_quality": burst}
    assert inhibit({None: whole, "product_quality": ()}) == {None: whole, "product_quality": ()}


def shadowed(library: Library, *names: str) -> Library:
    entries = [document_of({"id": name, "mode": "shadow"}, place=name) for name in names]
    return lay_rules(library, entries)


def test_a_rule_in_shadow_matches_apart(library: Library) -> None:
    assert shadow_matches(library, QUALITY, Facts(BURST)) == ()
    shadow = shadowed(library, "burst")
    assert evaluate(shadow, QUALITY, Facts(BURST)) == ()
    assert shadow_matches(shadow, QUALITY, Facts(BURST)) == evaluate(library, QUALITY, Facts(BURST))


def test_a_rule_in_shadow_is_inhibited_by_a_live_one_and_inhibits_none(library: Library) -> None:
    facts = Facts(BURST | {"injury_posts_24h": 1})
    assert shadow_matches(shadowed(library, "injury"), QUALITY, facts) == ()
    assert ids(evaluate(shadowed(library, "burst"), QUALITY, facts)) == ["injury"]
