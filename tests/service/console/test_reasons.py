"""Why a tier, in words."""

from __future__ import annotations

from service.console.i18n import Language, load_words
from service.console.reasons import ReasonLine, fact_name, reason_groups, reason_line
from tests.support.incident_scene import shipped_library

ZH, EN = load_words(Language.ZH), load_words(Language.EN)


def test_a_clause_over_a_fact_is_told_in_words():
    reason = {"clause": "negative_share_1h ≥ 0.5", "value": 0.8648, "threshold": 0.5}
    assert reason_line(reason, words=ZH) == ReasonLine(
        what="负面占比（近 1 小时）", asked="≥ 0.5", seen="0.865"
    )


def test_a_fact_without_a_window_has_its_name_alone():
    assert fact_name("velocity", EN).startswith("Acceleration")
    assert fact_name("first_post_age_m", EN) == "Minutes since the first post"


def test_what_a_person_wrote_is_shown_as_written():
    reason = {"clause": "法务要求 ≥ 升级", "value": "林", "threshold": None}
    assert reason_line(reason, words=ZH) == ReasonLine(what="法务要求 ≥ 升级", asked="", seen="林")


def test_the_age_of_a_backlog_is_told_as_a_length_of_time():
    reason = {"clause": "oldest_age_s", "value": 11_400.0, "threshold": 7200.0}
    assert reason_line(reason, words=ZH) == ReasonLine(
        what="最久一条已等", asked="≤ 2小时", seen="3小时 10分"
    )


def test_self_harm_is_told_without_the_text():
    reason = {"clause": "self_harm", "value": "wish", "threshold": None}
    assert reason_line(reason, words=EN).what == "A text speaks of self-harm"


def test_a_clause_over_a_fact_that_is_gone_is_shown_as_it_is():
    reason = {"clause": "moonphase_1h ≥ 2", "value": 3, "threshold": 2}
    assert reason_line(reason, words=ZH).what == "moonphase_1h ≥ 2"


def test_reasons_are_grouped_by_rule_with_its_name_and_meaning():
    library = shipped_library()
    first, second = list(library.rules.values())[:2]
    reasons = [
        {"clause": "posts_1h ≥ 5", "value": 6, "threshold": 5, "rules": [first.id]},
        {"clause": "posts_24h ≥ 9", "value": 10, "threshold": 9, "rules": [second.id]},
        {"clause": "authors_1h ≥ 3", "value": 4, "threshold": 3, "rules": [first.id]},
    ]
    groups = reason_groups(reasons, words=ZH, library=library)
    assert [(group.rule, len(group.lines)) for group in groups] == [
        (first.name.zh, 2),
        (second.name.zh, 1),
    ]
    assert groups[0].why == first.why.zh


def test_a_rule_that_the_content_lost_keeps_its_id():
    reasons = [{"clause": "posts_1h ≥ 5", "value": 6, "threshold": 5, "rules": ["gone"]}]
    (group,) = reason_groups(reasons, words=EN, library=shipped_library())
    assert (group.rule, group.why) == ("gone", "")
