"""Passwords: hashed with argon2id off the event loop, a few at a time because each needs memory."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import InvalidInput

SHORTEST = 10
LONGEST = 256

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter or digit that is easily taken for another: people type one-time passwords."""


class Passwords:
    """Hashes and checks passwords; at most `parallel` at once, so a flood costs bounded memory."""

    def __init__(self, hasher: PasswordHasher | None = None, *, parallel: int = 2) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(parallel)
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        """The encoded argon2id hash, parameters and salt included."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password: str, encoded: str | None) -> bool:
        """Is it the password? With None (no such user) the same work is done for nothing."""
        if encoded is None:
            if self._decoy is None:
                self._decoy = await self.hash(secrets.token_urlsafe())
            encoded = self._decoy
        async with self._turns:
            return await asyncio.to_thread(self._verify, encoded, password[:LONGEST])

    def _verify(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, password)
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, encoded: str) -> bool:
        """Was it hashed with weaker parameters than today's?"""
        return self._hasher.check_needs_rehash(encoded)


def one_time_password() -> str:
    """About 99 bits, in four groups that can be read out: `abcde-fghjk-mnpqr-stuvw`."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def check_strength(password: str, *, name: str) -> None:
    """Raise InvalidInput for a password that is too short, too long, one letter, or the name."""
    problem = None
    if len(password) < SHORTEST:
        problem = f"a password has at least {SHORTEST} characters"
    elif len(password) > LONGEST:
        problem = f"a password has at most {LONGEST} characters"
    elif len(set(password)) < 5:
        problem = "a password has at least 5 different characters"
    elif name.casefold() in password.casefold():
        problem = "a password does not contain the name of its user"
    if problem:
        raise InvalidInput(problem, errors=[("new_password", problem)])
