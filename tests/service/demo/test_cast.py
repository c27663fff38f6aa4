"""The crowd of the demo."""

from __future__ import annotations

from collections import Counter
from random import Random

from service.demo.cast import EVENING_PAPER, Cast, echo


def test_some_people_speak_more_often_than_others() -> None:
    rng = Random(1)
    cast = Cast(rng)

    counts = Counter(cast.anyone(rng).id for _ in range(3000))

    assert len(counts) > 1000
    assert counts.most_common(1)[0][1] >= 5


def test_names_are_not_shared() -> None:
    rng = Random(1)
    cast = Cast(rng)
    people = {person.id: person.name for person in (cast.anyone(rng) for _ in range(3000))}

    assert len(set(people.values())) == len(people)


def test_famous_accounts_find_more_echo() -> None:
    rng = Random(1)
    nobody = Cast(rng).anyone(rng)

    loud = sum(echo(EVENING_PAPER, rng)[2] for _ in range(50))
    faint = sum(echo(nobody, rng)[2] for _ in range(50))

    assert loud > 5 * faint
