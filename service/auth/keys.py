"""API keys: `fsk_<prefix>_<secret>`, of which only a hash of the secret is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import record
from service.auth.account import ordered
from service.auth.errors import BadCredentials
from service.auth.principal import Principal, PrincipalKind
from service.auth.roles import Action, Resource, Role
from service.clock import Clock
from service.db import Database
from service.db.page import Page, cut
from service.db.tables import api_key as table
from service.errors import Conflict, InvalidInput, NotFound
from service.ids import stable_id

SCHEME = "fsk"
NOTED_EVERY = timedelta(minutes=5)
"""Uses of a key are noted this seldom, so that a busy key costs no write each time."""

TRUSTED_S = 5.0
"""A key that was right is not looked up again for so long: a busy caller costs no query each time.
A key revoked by this process ends at once, by another one after this."""
_MOST_TRUSTED = 10_000

_REFUSED = "the key is unknown, ended or revoked; ask an admin for a new one"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is kept of a key. `prefix` is its public part, by which people tell keys apart."""

    id: str
    name: str
    prefix: str
    roles: tuple[Role, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    @property
    def principal(self) -> Principal:
        return Principal(
            id=self.id, kind=PrincipalKind.KEY, name=self.name, roles=frozenset(self.roles)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApiKey:
    """The whole key, shown once and kept nowhere."""

    key: ApiKey
    token: str


@dataclass(frozen=True, slots=True)
class _Trusted:
    """A key found right, with the holder made once; `until` on the monotonic clock."""

    key: ApiKey
    principal: Principal
    until: float


class ApiKeys:
    """Makes, checks and revokes keys; every change is audited in its transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        # By the digest of the whole token: what is kept in memory opens nothing either.
        self._trusted: dict[str, _Trusted] = {}
        self._revoked = 0

    async def create(
        self,
        actor: Principal,
        *,
        name: str,
        roles: Iterable[Role],
        expires_at: datetime | None = None,
    ) -> NewApiKey:
        """A new key. Raises InvalidInput for an empty name, no roles, or an end in the past."""
        actor.require(Action.EDIT, Resource.API_KEY)
        now = self._clock.now()
        granted = ordered(roles)
        errors = []
        if not 1 <= len(name.strip()) <= 100:
            errors.append(("name", "1 to 100 characters that say who uses the key"))
        if not granted:
            errors.append(("roles", "one role at least; `classifier` classifies, pushes, appeals"))
        if expires_at is not None and expires_at <= now:
            errors.append(("expires_at", f"lies in the past: {expires_at.isoformat()}"))
        if errors:
            raise InvalidInput("no such key can be made", errors=errors)
        prefix = "".join(secrets.choice(_ALPHABET) for _ in range(10))
        secret = secrets.token_urlsafe(32)
        key_id = stable_id("key", prefix)
        async with self._database.write() as connection:
            await connection.execute(
                table.insert().values(
                    id=key_id,
                    name=name.strip(),
                    prefix=prefix,
                    secret_hash=_digest(secret),
                    roles=granted,
                    created_by=actor.id,
                    created_at=now,
                    expires_at=expires_at,
                )
            )
            await self._audit(
                connection, actor, "api_key.created", key_id, name=name.strip(), roles=granted
            )
            key = await _load(connection, key_id)
        return NewApiKey(key=key, token=f"{SCHEME}_{prefix}_{secret}")

    async def authenticate(self, token: str) -> Principal:
        """Who holds the key. Raises BadCredentials, the same for every reason."""
        digest = _digest(token)
        trusted = self._trusted.get(digest)
        if trusted is not None and self._still(trusted):
            return trusted.principal
        until = self._clock.monotonic() + TRUSTED_S
        revoked = self._revoked
        key = await self._look_up(token)
        if len(self._trusted) >= _MOST_TRUSTED:
            self._trusted.clear()
        # What was read while a key was being revoked may have been read before.
        if revoked == self._revoked:
            self._trusted[digest] = _Trusted(key, key.principal, until)
        return key.principal

    def _still(self, trusted: _Trusted) -> bool:
        if self._clock.monotonic() >= trusted.until:
            return False
        return trusted.key.expires_at is None or self._clock.now() < trusted.key.expires_at

    async def _look_up(self, token: str) -> ApiKey:
        scheme, _, rest = token.partition("_")
        prefix, separator, secret = rest.partition("_")
        if scheme != SCHEME or not separator or not prefix.isascii() or len(token) > 200:
            raise BadCredentials(_REFUSED)
        now = self._clock.now()
        async with self._database.read() as connection:
            found = await connection.execute(select(table).where(table.c.prefix == prefix))
            row = found.first()
        expected = "" if row is None else row.secret_hash
        right = hmac.compare_digest(_digest(secret), expected)
        if row is None or not right:
            raise BadCredentials(_REFUSED)
        key = _read(row)
        if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
            raise BadCredentials(_REFUSED)
        if key.last_used_at is None or now - key.last_used_at >= NOTED_EVERY:
            async with self._database.write() as connection:
                await connection.execute(
                    update(table).where(table.c.id == key.id).values(last_used_at=now)
                )
        return key

    async def revoke(self, actor: Principal, key_id: str) -> ApiKey:
        """End a key at once. Raises NotFound, and Conflict when it is revoked already."""
        actor.require(Action.DELETE, Resource.API_KEY)
        async with self._database.write() as connection:
            key = await _load(connection, key_id)
            if key.revoked_at is not None:
                raise Conflict(f"key {key.name} was revoked at {key.revoked_at.isoformat()}")
            await connection.execute(
                update(table).where(table.c.id == key_id).values(revoked_at=self._clock.now())
            )
            await self._audit(connection, actor, "api_key.revoked", key_id, name=key.name)
            revoked = await _load(connection, key_id)
        self._revoked += 1
        self._trusted.clear()
        return revoked

    async def page(
        self, actor: Principal, *, after: str | None = None, limit: int = 50
    ) -> Page[ApiKey]:
        """Keys by id, revoked ones included."""
        actor.require(Action.READ, Resource.API_KEY)
        query = select(table).order_by(table.c.id).limit(limit + 1)
        if after is not None:
            query = query.where(table.c.id > after)
        async with self._database.read() as connection:
            keys = [_read(row) for row in await connection.execute(query)]
        return cut(keys, limit=limit, key=lambda key: key.id)

    async def _audit(
        self, connection: AsyncConnection, actor: Principal, action: str, key_id: str, **data: Any
    ) -> None:
        await record(
            connection,
            at=self._clock.now(),
            actor=actor.id,
            action=action,
            subject_type="api_key",
            subject_id=key_id,
            data=data,
        )


def _digest(secret: str) -> str:
    """A plain hash suffices: the secret has 256 bits, so there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def _load(connection: AsyncConnection, key_id: str) -> ApiKey:
    row = (await connection.execute(select(table).where(table.c.id == key_id))).first()
    if row is None:
        raise NotFound(f"no API key {key_id}")
    return _read(row)


def _read(row: Row[Any]) -> ApiKey:
    columns = row._asdict()
    del columns["secret_hash"]
    columns["roles"] = tuple(Role(role) for role in row.roles)
    return ApiKey(**columns)
