from __future__ import annotations

import pytest

from playbooks import load_library
from playbooks.schema import NeverSay
from playbooks.statements import Code, Spot, Weight
from playbooks.statements.wording import absolute, never_said, worded

LIBRARY = load_library()
EVERY = [
    (name, banned.zh)
    for name, scenario in LIBRARY.scenarios.items()
    for banned in scenario.never_say
]


def test_every_scenario_forbids_something() -> None:
    assert {name for name, _ in EVERY} == set(LIBRARY.scenarios)


@pytest.mark.parametrize(("scenario", "words"), EVERY)
def test_what_a_scenario_forbids_is_found(scenario: str, words: str) -> None:
    text = f"各位：{words}。"

    found = list(never_said(text, LIBRARY.scenarios[scenario].never_say))

    assert found
    assert all(item.code is Code.NEVER_SAY for item in found)
    assert all(text[item.start : item.end] == item.surface for item in found)


def ban(words: str) -> tuple[NeverSay, ...]:
    return (NeverSay.model_validate({"zh": words, "why": "激怒用户"}),)


def test_marks_alone_forbid_nothing() -> None:
    assert list(never_said("这……不好说", ban("……"))) == []


def test_punctuation_hides_nothing() -> None:
    (found,) = never_said("这 属于“个别”现 象！", ban("个别现象"))

    assert found.surface == "个别”现 象"
    assert found.why.zh == "激怒用户"


def test_each_alternative_counts_and_short_words_only_advise() -> None:
    found = list(never_said("应届毕业生，属于工艺特性", ban("毕业、工艺特性")))

    assert [(item.surface, item.weight) for item in found] == [
        ("毕业", Weight.ADVICE),
        ("工艺特性", Weight.BLOCKING),
    ]


def test_what_is_quoted_only_advises() -> None:
    (found,) = never_said("此前说“系个别现象”是错的", ban("个别现象"))

    assert found.weight is Weight.ADVICE


def test_it_is_found_each_time() -> None:
    assert len(list(never_said("个别现象，个别现象", ban("个别现象")))) == 2


@pytest.mark.parametrize(
    ("text", "code", "weight"),
    [
        ("产品绝对安全", Code.ABSOLUTE_CLAIM, Weight.BLOCKING),
        ("100%合格", Code.ABSOLUTE_CLAIM, Weight.BLOCKING),
        ("It is absolutely safe", Code.ABSOLUTE_CLAIM, Weight.BLOCKING),
        ("不能说“绝对安全”这样的话", Code.ABSOLUTE_CLAIM, Weight.ADVICE),
        ("系用户操作不当", Code.BLAME_AFFECTED, Weight.BLOCKING),
        ("caused by user error", Code.BLAME_AFFECTED, Weight.BLOCKING),
        ("由第三方供应商造成", Code.BLAME_OTHERS, Weight.ADVICE),
        ("有人别有用心", Code.BLAME_OTHERS, Weight.ADVICE),
        ("如有不便，敬请谅解", Code.CONDITIONAL_APOLOGY, Weight.ADVICE),
        ("We are sorry if anyone was hurt", Code.CONDITIONAL_APOLOGY, Weight.ADVICE),
    ],
)
def test_harmful_wording(text: str, code: Code, weight: Weight) -> None:
    assert (code, weight) in [(item.code, item.weight) for item in worded(text)]


@pytest.mark.parametrize(
    "text", ["我们正在核实原因。", "对受影响的用户，我们道歉。", "如果您也遇到，请联系我们。"]
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert list(worded(text)) == []


def test_what_the_lexicon_saw_is_explained() -> None:
    (found,) = absolute("国家级配方", [Spot(0, 3)])

    assert (found.code, found.surface, found.weight) == (
        Code.ABSOLUTE_CLAIM,
        "国家级",
        Weight.BLOCKING,
    )
