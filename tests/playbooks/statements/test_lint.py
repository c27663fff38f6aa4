from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks import load_library
from playbooks.emotion_matrix import advise
from playbooks.schema import Intensity, StatementKind
from playbooks.statements import (
    Around,
    Code,
    Spot,
    Tone,
    finding_json,
    finding_of,
    follow,
    known_values,
    lint_statement,
)

LIBRARY = load_library()
assert LIBRARY.responses is not None
ANGRY = advise(LIBRARY.responses, emotion="angry", intensity=Intensity.MARKED, tier="orange")
AROUND = Around(
    now=datetime(2026, 3, 2, 8, tzinfo=UTC),
    zone=ZoneInfo("Asia/Shanghai"),
    scenario=LIBRARY.scenarios["product_quality"],
    advice=ANGRY,
    tones=(),
)


def codes(text: str, around: Around = AROUND) -> list[str]:
    return [item.code.value for item in lint_statement(text, around).findings]


def test_what_is_not_filled_in_blocks_and_says_what_is_meant() -> None:
    template = LIBRARY.templates["product_quality.holding"]

    linted = lint_statement(template.body, replace(AROUND, template=template))

    missing = [item for item in linted.blocking if item.code is Code.MISSING_VARIABLE]
    assert {item.surface for item in missing} == {
        f"{{{{ {name} }}}}" for name in template.variables
    }
    assert "人工电话" in next(i for i in missing if "contact" in i.surface).why.zh
    assert {item.code for item in linted.blocking} == {Code.MISSING_VARIABLE}


@pytest.mark.parametrize("scenario", sorted(LIBRARY.scenarios))
def test_shipped_templates_block_for_what_is_open_alone(scenario: str) -> None:
    for name in LIBRARY.scenarios[scenario].templates:
        template = LIBRARY.templates[name]
        around = replace(AROUND, scenario=LIBRARY.scenarios[scenario], template=template)
        blocking = {item.code for item in lint_statement(template.body, around).blocking}
        assert blocking == {Code.MISSING_VARIABLE}, name


def test_figures_that_nobody_knows_block() -> None:
    around = replace(AROUND, known=known_values(["客服记录 38 例"]))

    linted = lint_statement("对不起，已核实三十八例，伤 12 人。", around)

    assert [item.surface for item in linted.blocking] == ["12"]


def test_a_day_to_come_and_what_is_promised_are_no_facts() -> None:
    assert codes("对不起。3月9日再说。") == []
    assert codes("对不起。2月9日说过。") == ["unverified_fact"]
    assert codes("对不起。2月31日说过。") == ["unverified_fact"]
    (promised,) = lint_statement("对不起。每人补偿 50 元。", AROUND).promises
    assert promised.code is Code.PROMISE
    assert codes("对不起。每人补偿 50 元。") == ["promise"]


def test_tone_is_judged_sentence_by_sentence() -> None:
    text = "对不起。滚。气。太好了。"
    tones = (
        Tone(4, 6, 0.9, "disgust", 0.9),
        Tone(6, 8, 0.1, "angry", 0.8),
        Tone(8, 12, 0.1, "happy", 0.8),
    )

    assert codes(text, replace(AROUND, tones=tones)) == [
        "harsh_tone",
        "tone_mismatch",
        "tone_mismatch",
    ]
    assert codes(text, replace(AROUND, tones=(Tone(6, 8, 0.1, "angry", 0.4),))) == []
    without = lint_statement(text, replace(AROUND, tones=tones, advice=None))
    assert [item.surface for item in without.findings] == ["滚。", "气。"]


def test_the_register_is_wanted_and_what_it_avoids_is_named() -> None:
    assert codes("我们正在核实。") == ["register_missing"]
    assert codes("对不起！请大家冷静。") == ["register_clash", "register_clash"]
    assert codes("We apologize.", replace(AROUND, lang="en")) == []


def test_what_could_not_be_looked_at_is_told() -> None:
    linted = lint_statement("对不起。", replace(AROUND, tones=None, advice=None))

    assert linted.degraded == ("tone", "register")


def test_one_place_is_told_once() -> None:
    around = replace(AROUND, absolutes=(Spot(4, 6), Spot(4, 8)))

    assert codes("对不起。绝对安全。", around).count("absolute_claim") == 1


def test_a_finding_outlives_storage() -> None:
    for finding in lint_statement("绝对安全，全额退款。共 38 例。", AROUND).findings:
        assert finding_of(finding_json(finding)) == finding


PARTS = [
    "退款",
    "绝对安全",
    "{{ x }}",
    "{{",
    "38",
    "3月9日",
    "个别现象",
    "如有不便抱歉",
    "。",
    "，",
    "\n",
    "“",
    "”",
    "𝟛",
    "ﷺ",
]


@given(st.lists(st.sampled_from(PARTS), max_size=20).map("".join))
@settings(max_examples=150)
def test_every_place_is_where_it_says(text: str) -> None:
    for item in lint_statement(text, AROUND).findings:
        assert text[item.start : item.end] == item.surface
        assert item.do.zh
        assert item.why.zh


def test_a_draft_takes_opening_and_closing_where_they_go() -> None:
    assert ANGRY is not None
    text = "关于杯子的说明\n\n我们正在核实。\n\n澄屿"

    followed = follow(text, ANGRY, kind=StatementKind.UPDATE, lang="zh")

    parts = followed.split("\n\n")
    assert parts == ["关于杯子的说明", ANGRY.opening.zh, "我们正在核实。", ANGRY.closing.zh, "澄屿"]
    assert follow(followed, ANGRY, kind=StatementKind.UPDATE, lang="zh") == followed
    assert follow(text, ANGRY, kind=StatementKind.ANSWER, lang="zh") == text
    assert follow(text, None, kind=StatementKind.UPDATE, lang="zh") == text
    english = follow("We are checking.", ANGRY, kind=StatementKind.UPDATE, lang="en")
    assert english.startswith(str(ANGRY.opening.en))
    assert english.endswith(str(ANGRY.closing.en))
