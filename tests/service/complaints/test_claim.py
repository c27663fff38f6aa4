"""Whose complaint it is, of what, and what they feel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.causes import load_causes
from service.complaints.claim import NO_CAUSE, Claim, cause_of, feeling, shown, subject_of
from service.complaints.model import Origin
from tests.support.complaint_scene import complaining
from tests.support.incident_scene import shipped_library

FINDER = load_causes()
CLAIM = Claim(post=complaining(), monitor="tea", brand="qingyou", origin=Origin.RULE)


def test_a_cause_of_its_own_scenario_comes_first() -> None:
    post = complaining(text="客服不给退款，快递还摔坏了")
    named = FINDER.find(post.text)
    own = {cause.id for cause in FINDER.of_scenario("pricing_refunds")}
    assert cause_of(post, FINDER) in own & set(named)


@pytest.mark.parametrize(
    ("scenario", "cause"), [("outage", "outage"), ("pricing_refunds", "pricing_refunds")]
)
def test_a_post_that_names_no_cause_has_its_scenario(scenario: str, cause: str) -> None:
    assert cause_of(complaining(text="唉", scenario=scenario), FINDER) == cause
    assert cause_of(complaining(text="唉", scenario=None), FINDER) == NO_CAUSE


def test_a_subject_is_a_person_a_brand_and_a_cause() -> None:
    subject = subject_of(CLAIM, "refund")
    same = replace(CLAIM, monitor="tea2", by="usr_rui", post=replace(CLAIM.post, id="other"))
    assert subject_of(same, "refund") == subject
    others = (
        subject_of(CLAIM, "quality"),
        subject_of(replace(CLAIM, brand="shanlan"), "refund"),
        subject_of(replace(CLAIM, brand=None), "refund"),
        subject_of(replace(CLAIM, drill=True), "refund"),
        subject_of(replace(CLAIM, post=replace(CLAIM.post, author=None)), "refund"),
    )
    assert len({subject, *others}) == 6
    assert str(CLAIM.post.author) not in subject


@pytest.mark.parametrize(
    ("analysis", "felt"),
    [
        ({"emotion": {"label": "sad", "scores": {"sad": 0.2}}}, ("sad", "mild")),
        ({"emotion": {"label": "sad", "scores": {"sad": 0.31}}}, ("sad", "marked")),
        ({"emotion": {"label": "sad"}}, ("sad", "mild")),
        ({"emotion": None}, (None, None)),
    ],
)
def test_what_one_person_feels(
    analysis: dict[str, object], felt: tuple[str | None, str | None]
) -> None:
    matrix = shipped_library().responses
    assert feeling(complaining(analysis=analysis), matrix) == felt
    assert feeling(complaining(analysis=analysis), None) == (None, None)


def test_what_is_kept_of_the_words() -> None:
    post = complaining(title="求助", text="我的电话13812345678\x00" + "很长" * 4_000)
    kept = shown(post)
    assert kept.startswith("求助\n我的电话")
    assert "13812345678" not in kept
    assert "\x00" not in kept
    assert len(kept) <= 4_000
