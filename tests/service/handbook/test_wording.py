from __future__ import annotations

from datetime import timedelta

import pytest

from playbooks import Kind, Role, Text
from service.handbook.wording import KINDS, LABELS, ROLES, Lang, Wording

BOTH = Text(zh="你好", en="Hello")


@pytest.mark.parametrize(
    ("lang", "shown"), [(Lang.ZH, "你好"), (Lang.EN, "Hello"), (Lang.BOTH, "你好 Hello")]
)
def test_titles(lang: Lang, shown: str) -> None:
    assert Wording(lang).short(BOTH) == shown


@pytest.mark.parametrize(
    ("lang", "shown"), [(Lang.ZH, "你好"), (Lang.EN, "Hello"), (Lang.BOTH, "你好\nHello")]
)
def test_sentences(lang: Lang, shown: str) -> None:
    assert "".join(span.text for span in Wording(lang).long(BOTH)) == shown


@pytest.mark.parametrize("lang", list(Lang))
def test_without_english_there_is_chinese_once(lang: Lang) -> None:
    words = Wording(lang)
    assert words.short(Text(zh="你好")) == "你好"
    assert [span.text for span in words.long(Text(zh="你好"))] == ["你好"]


@pytest.mark.parametrize(
    ("duration", "zh", "en"),
    [
        (timedelta(minutes=5), "5 分钟", "5 min"),
        (timedelta(hours=1, minutes=45), "1 小时 45 分钟", "1 h 45 min"),
        (timedelta(hours=48), "48 小时", "48 h"),
        (timedelta(hours=72), "72 小时", "72 h"),
        (timedelta(days=7), "7 天", "7 d"),
        (timedelta(seconds=30), "30 秒", "30 s"),
        (timedelta(0), "0 分钟", "0 min"),
    ],
)
def test_times(duration: timedelta, zh: str, en: str) -> None:
    assert Wording(Lang.ZH).time(duration) == zh
    assert Wording(Lang.EN).time(duration) == en


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        (Lang.ZH, "18 小时（工作时间）"),
        (Lang.EN, "18 h (office hours)"),
        (Lang.BOTH, "18 小时（工作时间 office hours）"),
    ],
)
def test_hours_of_the_office_are_no_days(lang: Lang, shown: str) -> None:
    assert Wording(lang).office_time(timedelta(hours=18)) == shown


@pytest.mark.parametrize(
    ("lang", "shown"),
    [(Lang.ZH, "“评估”之后"), (Lang.EN, "after “评估”"), (Lang.BOTH, "“评估”之后 after it")],
)
def test_a_step_is_named_by_its_title(lang: Lang, shown: str) -> None:
    assert Wording(lang).anchor("step:assess", {"assess": "评估"}) == shown


def test_every_role_and_kind_has_its_words() -> None:
    assert set(ROLES) == set(Role)
    assert set(KINDS) == set(Kind)
    assert all(zh and en for zh, en in LABELS.values())
