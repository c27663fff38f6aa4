"""Words of the console: none missing, none left over, the same in both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import service.console
from playbooks import Moment, StepState, Text, Window
from playbooks import Role as PlaybookRole
from service.console.i18n import Language, Words, load_words, preferred
from service.console.i18n.catalogue import _flat
from service.console.pages.rows import COLUMNS, ENDED_COLUMNS
from service.console.session import Theme
from service.delivery import DeliveryState
from service.events import EventType
from service.incidents import Action, Kind, State
from service.moderation.at_risk import PATTERN
from service.moderation.backlog import OLDEST_AGE, QUEUE_LENGTH
from service.monitoring.grouping import TakingEnd

SOURCE = Path(service.console.__file__).parent
LITERAL = re.compile(r"""(?:words|visit\.words|_words)\(\s*"([a-z_.]+)\"""")
QUOTED = re.compile(r'"([a-z_]+(?:\.[a-z0-9_]+)+)"')
FAMILY = re.compile(r'choice\(\s*"([a-z_]+)"')
FORMATTED = re.compile(r'words\(f"([a-z_.]+)\.\{')

FAMILIES = {
    "state": set(State),
    "kind": set(Kind),
    "role": set(PlaybookRole),
    "action": set(Action),
    "step_state": set(StepState),
    "done_on": set(Moment),
    "delivery": set(DeliveryState),
    "event": set(EventType),
    "taking_ended": {end.name.lower() for end in TakingEnd},
    "window": {*Window, "of"},
    "column": set(COLUMNS) | set(ENDED_COLUMNS),
    "filter": {"tier", "state", "monitor", "scenario"},
    "theme": set(Theme),
    "clause": {PATTERN, OLDEST_AGE, QUEUE_LENGTH},
    "actor": {"system"},
    "ask": {"resolve", "close", "reopen", "mark_false_positive", "merge"}
    | {"change_tier", "name_scenario", "skip"},
}
"""Every family whose members code makes up, with all that they can be."""

FORMED = {
    "unit": {"day", "hour", "minute", "second", "left", "late"},
    "nav": {"queue", "history"},
    "queue": {"earlier", "later"},
    "evidence": {"reposts", "comments", "likes"},
    "sign_in.problem": {"refused"},
    "password.problem": {"refused", "differs", "weak"},
}
"""Keys that code puts together, `words(f"unit.{name}")`, beside others that it names in full."""

MADE_UP = {
    f"{family}.{member}" for family, members in (FAMILIES | FORMED).items() for member in members
}
OPEN_FAMILIES = {"error", "timeline"}
"""Families with a fallback: what other packages may yet add is shown by its id."""


def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py")))


def used_literally() -> set[str]:
    known = load_words(Language.ZH).keys
    return set(LITERAL.findall(sources())) | (set(QUOTED.findall(sources())) & known)


def test_both_languages_have_the_same_words():
    assert load_words(Language.ZH).keys == load_words(Language.EN).keys


def test_both_languages_have_the_same_places_to_fill():
    def places(words: Words, key: str) -> set[str]:
        parsed = string.Formatter().parse(words.raw(key))
        return {field for _, field, _, _ in parsed if field is not None}

    zh, en = load_words(Language.ZH), load_words(Language.EN)
    assert [key for key in zh.keys if places(zh, key) != places(en, key)] == []


def test_no_word_is_missing():
    assert sorted((used_literally() | MADE_UP) - load_words(Language.ZH).keys) == []


def test_no_word_is_left_over():
    left = load_words(Language.ZH).keys - used_literally() - MADE_UP
    assert sorted(key for key in left if key.split(".")[0] not in OPEN_FAMILIES) == []


def test_every_family_that_code_chooses_from_is_known_here():
    chosen = set(FAMILY.findall(sources()))
    formed = set(FORMATTED.findall(sources()))
    assert chosen - FAMILIES.keys() - OPEN_FAMILIES == set()
    assert formed - FORMED.keys() - FAMILIES.keys() == set()


@pytest.mark.parametrize(
    ("chosen", "accepted", "expected"),
    [
        (None, "", Language.ZH),
        ("en", "zh-CN", Language.EN),
        ("xx", "en-GB,en;q=0.9", Language.EN),
        (None, "fr-FR, en;q=0.8, zh;q=0.7", Language.EN),
        (None, "ja", Language.ZH),
        (None, "zh-TW", Language.ZH),
    ],
)
def test_a_choice_goes_before_the_browser_and_chinese_comes_last(
    chosen: str | None, accepted: str, expected: Language
):
    assert preferred(chosen, accepted) is expected


def test_content_is_told_in_the_language_with_chinese_where_there_is_no_other():
    en, zh = load_words(Language.EN), load_words(Language.ZH)
    assert en.of(Text(zh="召回", en="Recall")) == "Recall"
    assert en.of(Text(zh="召回")) == "召回"
    assert zh.of({"zh": "召回", "en": "Recall"}) == "召回"
    assert en.of({"zh": "召回", "en": None}) == "召回"


def test_an_unknown_key_is_an_error_and_an_unknown_member_is_shown_as_it_is():
    words = load_words(Language.EN)
    with pytest.raises(KeyError, match="nothing"):
        words("nothing.such")
    assert words.choice("state", "brand_new") == "brand_new"


def test_words_that_yaml_reads_as_something_else_are_named():
    with pytest.raises(ValueError, match=r"nav\.on is True"):
        _flat({"nav": {"on": True}})
