from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher

from service.auth import Passwords
from service.auth.passwords import check_strength, one_time_password
from service.errors import InvalidInput


async def test_the_right_password_matches_its_hash(passwords: Passwords) -> None:
    encoded = await passwords.hash("correct horse")
    assert encoded.startswith("$argon2id$")
    assert await passwords.matches("correct horse", encoded)


async def test_a_wrong_one_does_not(passwords: Passwords) -> None:
    assert not await passwords.matches("wrong", await passwords.hash("correct horse"))


async def test_no_user_and_a_broken_hash_match_nothing(passwords: Passwords) -> None:
    assert not await passwords.matches("x", None)
    assert not await passwords.matches("y", None)
    assert not await passwords.matches("x", "not a hash")


async def test_a_weaker_hash_is_outdated(passwords: Passwords) -> None:
    encoded = await passwords.hash("correct horse")
    assert not passwords.outdated(encoded)
    assert Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)).outdated(encoded)


def test_one_time_passwords_can_be_read_out_and_differ() -> None:
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", one) for one in made)


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short", "at least 10"),
        ("x" * 300, "at most 256"),
        ("aaaaaaaaaaaa", "different"),
        ("my-LIN-is-here", "name"),
    ],
)
def test_weak_passwords_are_refused(password: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        check_strength(password, name="lin")


def test_a_long_phrase_will_do() -> None:
    check_strength("烽火连三月家书抵万金", name="lin")
