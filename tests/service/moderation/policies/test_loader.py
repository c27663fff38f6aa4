"""Policy files: what ships, what a file may change, and every mistake with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.lexicon import CRISIS, MODERATION
from service.errors import InvalidInput
from service.moderation.policies import (
    BadPolicies,
    Indicator,
    Policy,
    default_policy,
    load_policies,
    read_policies,
)
from service.moderation.policies.model import NEVER
from service.moderation.suggestion import Suggestion

MOVING = {
    "medical_claim",
    "guaranteed_return",
    "self_harm",
    "violence_threat",
    "doxxing",
    "diversion",
    "paid_posting",
}


def issues(text: str) -> list[str]:
    with pytest.raises(BadPolicies) as refused:
        read_policies([("strict.yaml", text.encode())])
    return [str(issue) for issue in refused.value.issues]


def policy(text: str) -> Policy:
    policies = read_policies([("strict.yaml", text.encode())])
    return policies.named("strict")


def test_only_moderation_categories_move_the_default() -> None:
    assert set(default_policy().categories) == MODERATION
    assert not set(default_policy().categories) & CRISIS


def test_only_seven_patterns_move_the_default() -> None:
    assert set(default_policy().patterns) == MOVING


def test_absolutes_are_reviewed_in_the_default() -> None:
    rule = default_policy().categories["ad_absolute"]
    assert rule.suggestion(1) is Suggestion.REVIEW
    assert rule.block == NEVER


def test_the_default_holds_medical_claims_and_guaranteed_returns() -> None:
    holds = default_policy().holds
    assert holds.patterns == {"medical_claim", "guaranteed_return"}
    assert not holds.categories


def test_the_switch_widens_the_hold_to_the_categories() -> None:
    wide = policy("name: strict\nholds: {all_medical_and_finance: true}")
    assert wide.holds.categories == {"medical_claim", "finance_claim"}
    assert wide.holds.patterns == {"medical_claim", "guaranteed_return"}


def test_what_a_file_leaves_out_is_as_in_the_default() -> None:
    strict = policy("name: strict\ncategories: {spam: {block: 2}}\nqueue: {blocks: true}")
    assert (strict.categories["spam"].review, strict.categories["spam"].block) == (1, 2)
    assert strict.categories["abuse"] == default_policy().categories["abuse"]
    assert (strict.file_reviews, strict.file_blocks) == (True, True)


def test_a_list_takes_the_place_of_the_default_one() -> None:
    strict = policy("name: strict\nholds: {patterns: []}")
    assert not strict.holds.patterns


def test_the_version_is_the_name_and_changes_with_the_content() -> None:
    one, other = policy("name: strict"), policy("name: strict\nabuse: {review: 0.6}")
    assert one.version.startswith("strict@")
    assert one.version != other.version
    assert one.version == policy("# said otherwise\nname: 'strict'\n").version


def test_an_abuse_threshold_may_block() -> None:
    assert default_policy().abuse.block is None
    assert policy("name: strict\nabuse: {block: 0.95}").abuse.block == 0.95


def test_the_indicators_have_visible_weights() -> None:
    weights = default_policy().accounts.weights
    assert set(weights) == set(Indicator)
    assert weights[Indicator.APPEAL_WON].weight < 0 < weights[Indicator.VERDICT_AGAINST].weight


def test_letting_unread_texts_pass_is_said_in_words() -> None:
    said = "name: strict\ndegraded: {suggestion: pass, because: 游戏大厅的弹幕，事后有人巡查}"
    assert policy(said).degraded is Suggestion.PASS
    [issue] = issues("name: strict\ndegraded: {suggestion: pass}")
    assert issue.startswith("strict.yaml:2: degraded: to let texts pass unread")


@pytest.mark.parametrize(
    "line",
    [
        "categories: {self_harm: {block: 5}}",
        "patterns: {self_harm: {suggestion: block}}",
        "model: {review_only: [ad_absolute]}",
        "holds: {patterns: [self_harm]}",
        "holds: {categories: [self_harm]}",
    ],
)
def test_no_policy_silences_a_person_in_need(line: str) -> None:
    [issue] = issues(f"name: strict\n{line}")
    assert issue.startswith("strict.yaml:2: ")
    assert "never blocked or held" in issue


def test_every_mistake_is_told_with_its_line() -> None:
    told = issues(
        "name: strict\n"
        "colour: red\n"
        "categories:\n"
        "  abuse: {review: 9, block: 2}\n"
        "  mood: {review: 1, block: 2}\n"
        "  hate: {review: 4, block: 2}\n"
        "patterns:\n"
        "  flattery: {suggestion: review, severity: 1}\n"
        "  self_harm: {suggestion: block, severity: 9}\n"
        "abuse: {weak: 0.9, block: 0.1}\n"
        "accounts:\n"
        "  indicators: {appeal_won: {weight: 0.5}, charm: {weight: 1, full: 1}}\n"
    )
    places = [(issue.split(":")[1], issue.split(": ")[1]) for issue in told]
    assert places == [
        ("2", "colour"),
        ("4", "categories.abuse.review"),
        ("5", "categories.mood"),
        ("6", "categories.hate"),
        ("8", "patterns.flattery"),
        ("9", "patterns.self_harm.suggestion"),
        ("9", "patterns.self_harm.severity"),
        ("10", "abuse"),
        ("12", "accounts.indicators.charm"),
    ]


def test_an_indicator_may_not_speak_the_other_way() -> None:
    [issue] = issues("name: strict\naccounts: {indicators: {copy: {weight: -0.1}}}")
    assert "only appeal_won speaks for an author" in issue
    [issue] = issues("name: strict\naccounts: {indicators: {appeal_won: {weight: 0.1}}}")
    assert issue.startswith("strict.yaml:2: accounts")


def test_the_family_of_suspicions_must_be_one() -> None:
    [issue] = issues("name: strict\nsuspicion: {family: traders}")
    assert "families are" in issue


@pytest.mark.parametrize(
    "line",
    [
        "model: {weak: 0.13}",
        "model: {labels: {hate: 0.8}}",
        "model: {labels: {hate: 0.95}, together: never}",
        "model: {labels: {mood: 0.5}}",
        "suspicion: {disguised: [whispered]}",
        "suspicion: {several: 1}",
    ],
)
def test_thresholds_that_contradict_each_other_are_refused(line: str) -> None:
    assert issues(f"name: strict\n{line}")


def test_a_label_takes_its_own_threshold() -> None:
    rule = policy("name: strict\nmodel: {review: 0.4, labels: {drugs: 0.6}}").model
    assert (rule.review_from("drugs"), rule.review_from("privacy_leak")) == (0.6, 0.4)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("- a\n", "mapping"),
        ("categories: {}\n", "`name` is missing"),
        ("name: [\n", "not YAML"),
        ("name: strict\nname: other\n", "twice"),
        ("name: {a: 1}\n", "name"),
        ("name: Größe\n", "name"),
        ("name: strict\ncategories: 7\n", "categories"),
        ("name: strict\nholds: {patterns: medical_claim}\n", "holds.patterns"),
        ("name: strict\nholds: {patterns: [medical]}\n", "no pattern"),
    ],
)
def test_what_is_no_policy_is_refused(text: str, word: str) -> None:
    told = issues(text)
    assert all(issue.startswith("strict.yaml:") for issue in told)
    assert word in " ".join(told)


def test_two_files_may_not_share_a_name() -> None:
    with pytest.raises(BadPolicies, match=r"b\.yaml:1: a\.yaml is called 'one' too"):
        read_policies([("a.yaml", b"name: one"), ("b.yaml", b"name: one")])


def test_a_folder_holds_one_policy_a_file(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("name: one\n", encoding="utf-8")
    (tmp_path / "two.yml").write_text("name: two\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("name: three\n", encoding="utf-8")
    assert set(load_policies(tmp_path).by_name) == {"default", "one", "two"}


def test_a_folder_may_have_a_default_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("name: default\nholds: {patterns: []}\n", encoding="utf-8")
    assert not load_policies(tmp_path).named(None).holds.patterns


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPolicies, match="FENGSUI_POLICIES_DIR"):
        load_policies(tmp_path / "nowhere")


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(f"name: {name}\nx: 1\n", encoding="utf-8")
    with pytest.raises(BadPolicies) as refused:
        load_policies(tmp_path)
    assert [Path(issue.file).name for issue in refused.value.issues] == ["a.yaml", "b.yaml"]
    assert refused.value.errors[0][0] == f"{tmp_path / 'a.yaml'}:2"


def test_an_unknown_policy_names_those_known() -> None:
    with pytest.raises(InvalidInput, match="known: default") as refused:
        load_policies().named("lenient")
    assert refused.value.errors[0][0] == "policy"
