"""Posts that no topic fits."""

from __future__ import annotations

import pytest

from nlp.topics import Assigned, novelty
from nlp.topics.vocabulary import Vocabulary
from tests.support.topic_scene import FOOD, RAIN

VOCABULARY = Vocabulary(words=FOOD, posts=(20,) * len(FOOD), of=100)
KNOWN = (FOOD[:3], Assigned(0, 0.9))
NEW = (RAIN[:3], Assigned(None, 0.3))


def judged(known: int, new: int, *, expected: float = 0.1) -> tuple[bool, float, int]:
    pairs = [KNOWN] * known + [NEW] * new
    found = novelty(
        [words for words, _ in pairs],
        [assigned for _, assigned in pairs],
        expected=expected,
        vocabulary=VOCABULARY,
    )
    return found.alarm, found.share, len(found.terms)


@pytest.mark.parametrize(
    ("known", "new", "alarm"),
    [
        (90, 10, False),
        (60, 40, True),
        (10, 10, False),
        (88, 12, False),
        (0, 0, False),
        (0, 60, True),
    ],
    ids=["as at the fit", "many", "too few to say", "chance", "no posts", "nothing but new"],
)
def test_too_many_for_chance(known: int, new: int, alarm: bool) -> None:
    found, share, terms = judged(known, new)
    assert found is alarm
    assert share == (round(new / (known + new), 4) if known + new else 0.0)
    assert (terms > 0) is alarm


def test_a_large_window_does_not_alarm_at_little() -> None:
    assert not judged(8_700, 1_300)[0]


def test_terms_are_those_of_the_new_posts() -> None:
    words = [FOOD[:3]] * 50 + [(*RAIN[:2], FOOD[0])] * 50
    assigned = [Assigned(0, 0.9)] * 50 + [Assigned(None, 0.2)] * 50
    found = novelty(words, assigned, expected=0.05, vocabulary=VOCABULARY)
    assert found.terms[:2] == (("暴雨", 50), ("积水", 50))


def test_posts_without_words_do_not_count() -> None:
    words = [()] * 100 + [FOOD[:3]] * 60
    assigned = [Assigned(None, 0.1)] * 100 + [Assigned(0, 0.9)] * 60
    found = novelty(words, assigned, expected=0.0, vocabulary=VOCABULARY)
    assert (found.posts, found.unfitting, found.alarm) == (60, 0, False)
