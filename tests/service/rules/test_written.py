"""Rules read from a text that somebody typed."""

from __future__ import annotations

import pytest

from service.auth import Principal
from service.errors import Conflict, InvalidInput
from service.rules import RuleDesk, RuleOrigin, rule_id_of, written_rules

MINE = """id: mine
name: {zh: 自定}
kind: crisis
scenarios: any
tier: orange
when: {fact: negative_1h, at_least: 30}
why: {zh: 测试}
"""


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (MINE, ["mine"]),
        ("- {id: a, tier: red}\n- {id: b, tier: red}\n", ["a", "b"]),
        ("rules:\n  - {id: a, tier: red}\n", ["a"]),
    ],
)
def test_one_rule_several_or_a_section(text: str, ids: list[str]) -> None:
    assert [rule_id_of(item) for item in written_rules(text, file="text")] == ids


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "text:1:1"),
        ("rules: []", "text:1:1"),
        ("id: a\n  tier: red\n", "text:2:7"),
        ("id: a\nid: b\n", "text:2:1"),
        ("x" * 200_001, "text:1:1"),
    ],
)
def test_mistakes_have_their_place(text: str, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        written_rules(text, file="text")
    assert refused.value.errors[0][0] == place


async def test_what_is_wrong_with_a_written_rule_is_told_with_line_and_column(
    desk: RuleDesk, analyst: Principal
) -> None:
    (wrong,) = written_rules(MINE.replace("negative_1h", "negativ_1h"), file="text")
    with pytest.raises(InvalidInput) as refused:
        await desk.write(analyst, wrong, version=0)
    assert refused.value.errors[0][0].startswith("text:6:")


async def test_a_written_rule_is_saved_once(desk: RuleDesk, analyst: Principal) -> None:
    (mine,) = written_rules(MINE, file="text")
    assert (await desk.write(analyst, mine, version=0)).record.origin is RuleOrigin.ADDED
    with pytest.raises(Conflict):
        await desk.write(analyst, mine, version=0)
