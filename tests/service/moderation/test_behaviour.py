from __future__ import annotations

from datetime import timedelta

from service.moderation.behaviour import Behaviour, Unwritten
from service.moderation.policies import default_policy
from tests.support.clock import START

RULES = default_policy().accounts


def noted(behaviour: Behaviour, *texts: str, author: str = "a", every_s: float = 60) -> Unwritten:
    found = Unwritten()
    for number, text in enumerate(texts):
        at = START + timedelta(seconds=number * every_s)
        found = behaviour.note(author, text, at=at, rules=RULES)
    return found


def test_the_same_text_again_is_a_copy() -> None:
    assert noted(Behaviour(), "x", "y", "x", "x") == Unwritten(copies=2)


def test_texts_without_words_are_no_copies() -> None:
    assert noted(Behaviour(), "", "", "") == Unwritten()


def test_another_authors_text_is_no_copy() -> None:
    behaviour = Behaviour()
    noted(behaviour, "x", author="a")
    assert noted(behaviour, "x", author="b") == Unwritten()


def test_an_hour_later_a_text_is_new_again() -> None:
    assert noted(Behaviour(), "x", "x", every_s=3601) == Unwritten()


def test_many_texts_in_ten_minutes_are_one_burst() -> None:
    many = [str(number) for number in range(60)]
    assert noted(Behaviour(), *many, every_s=1) == Unwritten(bursts=1)
    assert noted(Behaviour(), *many[:19], every_s=1) == Unwritten()
    assert noted(Behaviour(), *many, every_s=60) == Unwritten()


def test_a_burst_after_a_rest_is_another() -> None:
    behaviour = Behaviour()
    for number in range(20):
        behaviour.note("a", str(number), at=START, rules=RULES)
    later = START + timedelta(minutes=30)
    behaviour.note("a", "rest", at=later, rules=RULES)
    for number in range(20):
        found = behaviour.note("a", f"again {number}", at=later, rules=RULES)
    assert found == Unwritten(bursts=2)


def test_what_was_written_is_not_told_again() -> None:
    behaviour = Behaviour()
    behaviour.written("a", noted(behaviour, "x", "x", "x"))
    assert noted(behaviour, "z") == Unwritten()


def test_a_stranger_has_nothing_to_forget() -> None:
    behaviour = Behaviour()
    behaviour.written("nobody", Unwritten(copies=1))
    assert noted(behaviour, "x", author="nobody") == Unwritten()


def test_the_authors_longest_silent_are_forgotten_first() -> None:
    behaviour = Behaviour()
    noted(behaviour, "x", "x", author="old")
    for number in range(20_000):
        behaviour.note(f"b{number}", "y", at=START, rules=RULES)
    assert noted(behaviour, "z", author="old") == Unwritten()
