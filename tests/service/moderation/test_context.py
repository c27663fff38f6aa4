"""Replies to parents, and words split over messages."""

from __future__ import annotations

import pytest

from service.moderation.context import seam_of, with_parent, with_session
from service.moderation.policies import default_policy, read_policies
from service.moderation.policy import Reason, Suggestion, Verdict, decide
from tests.support.judgement_scene import analysed

POLICY = default_policy()


def reply(text: str, *, parent: str) -> Verdict:
    child = analysed(text)
    return with_parent(decide(child), decide(analysed(parent)), child.normal, policy=POLICY)


def judged_in(session: tuple[str, ...], text: str) -> Verdict:
    seam = seam_of(session, text, policy=POLICY)
    verdict = decide(analysed(text))
    if seam is None:
        return verdict
    assert seam.text[seam.at :].startswith(text.strip()[:1])
    return with_session(verdict, analysed(seam.text), seam, policy=POLICY)


def test_a_trace_counts_where_the_parent_is_of_its_family() -> None:
    verdict = reply("假如加V信呢", parent="一手货源拉群")
    assert verdict.suggestion is Suggestion.REVIEW
    assert verdict.reasons == ((Reason.PARENT, ""),)
    assert verdict.labels == (("diversion", 0.2, "lexicon"),)


def test_a_cue_counts_where_the_parent_sells() -> None:
    assert reply("加我", parent="一手货源拉群").suggestion is Suggestion.REVIEW
    assert reply("怎么买", parent="包治百病").suggestion is Suggestion.REVIEW
    assert not reply("怎么买", parent="包治百病").held


def test_a_cue_under_an_innocent_parent_is_innocent() -> None:
    assert reply("加我", parent="周末谁去打球").suggestion is Suggestion.PASS


def test_a_trace_of_another_family_stays_one() -> None:
    assert reply("假如吵架呢", parent="一手货源拉群").suggestion is Suggestion.PASS


def test_an_innocent_reply_to_a_seller_passes() -> None:
    assert reply("大家别信", parent="一手货源拉群").suggestion is Suggestion.PASS


def test_the_parent_never_softens_nor_blocks() -> None:
    assert reply("赌盘", parent="一手货源拉群").suggestion is Suggestion.BLOCK
    assert reply("加我", parent="赌盘").suggestion is Suggestion.REVIEW


def test_a_word_split_over_two_messages_is_found() -> None:
    verdict = judged_in(("你好", "加V"), "信")
    assert verdict.suggestion is Suggestion.REVIEW
    assert verdict.reasons == ((Reason.SESSION, ""),)
    assert ("diversion", 0.6, "lexicon") in verdict.labels


def test_a_word_split_over_three_messages_is_found() -> None:
    assert judged_in(("加", " V ", ""), "信").suggestion is Suggestion.REVIEW


def test_a_pattern_split_over_messages_is_found_and_not_held() -> None:
    verdict = judged_in(("包",), "治百病")
    assert (verdict.suggestion, verdict.held) == (Suggestion.REVIEW, False)


def test_a_split_word_never_blocks() -> None:
    assert judged_in(("赌",), "盘").suggestion is Suggestion.REVIEW


def test_a_word_of_an_earlier_message_alone_is_not_told_again() -> None:
    assert judged_in(("赌盘",), "好的").suggestion is Suggestion.PASS


def test_crisis_words_over_the_seam_move_nothing() -> None:
    assert judged_in(("受",), "伤").suggestion is Suggestion.PASS
    assert judged_in(("曝",), "光").suggestion is Suggestion.PASS


def test_two_long_messages_meet_by_chance() -> None:
    assert seam_of(("这是一条相当长的消息说到赌",), "盘子洗干净了没有快去洗", policy=POLICY) is None


@pytest.mark.parametrize(("session", "text"), [((), "信"), (("", "  "), "信"), (("加V",), "  ")])
def test_without_a_piece_on_either_side_there_is_no_seam(
    session: tuple[str, ...], text: str
) -> None:
    assert seam_of(session, text, policy=POLICY) is None


def test_only_the_surroundings_of_the_seam_are_read() -> None:
    seam = seam_of(("加" * 90_000, "V"), "信" * 90_000, policy=POLICY)
    assert seam is not None
    assert (len(seam.text), seam.at) == (800, 400)


def test_a_policy_may_leave_the_session_aside() -> None:
    off = read_policies([("o.yaml", b"name: o\ncontext: {longest_piece: 0}")]).named("o")
    assert seam_of(("V",), "x", policy=off) is None
