"""Who may come in: keys, accounts, sessions, and the keyring that hides who wrote what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from service.auth import ApiKeys, Handles, KeyRing, Passwords, Sessions, SignIn, Users
from service.bootstrap.ground import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Keys, accounts and sessions."""

    keyring: KeyRing
    handles: Handles
    passwords: Passwords
    users: Users
    sign_in: SignIn
    sessions: Sessions
    keys: ApiKeys


async def open_access(ground: Ground) -> Access:
    """Raises KeyRingError when the keys are not those that the database knows."""
    settings, database, clock = ground.settings, ground.database, ground.clock
    keyring = KeyRing.open(
        data_dir=settings.data_dir,
        secret=settings.secret_key.get_secret_value() if settings.secret_key else None,
    )
    await keyring.bind(database)
    passwords = Passwords()
    return Access(
        keyring=keyring,
        handles=Handles(database, clock, keyring),
        passwords=passwords,
        users=Users(database, clock, passwords),
        sign_in=SignIn(database, clock, passwords),
        sessions=Sessions(
            database,
            clock,
            idle=timedelta(hours=settings.session_idle_h),
            absolute=timedelta(hours=settings.session_absolute_h),
        ),
        keys=ApiKeys(database, clock),
    )
