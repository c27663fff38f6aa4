"""The accounts that there are, and those that something can be given to."""

from __future__ import annotations

from service.auth import Action, Resource, User, Users, allows

_BATCH = 200


async def every_account(users: Users) -> list[User]:
    """Every account by name, closed ones too: an installation has hundreds at most."""
    found = await users.page(limit=_BATCH)
    every = list(found.items)
    while found.next is not None:
        found = await users.page(after=found.next, limit=_BATCH)
        every += found.items
    return every


async def accounts_of(users: Users, *kept: str | None) -> dict[str, str]:
    """Names of the open accounts by id, and of those `kept`, closed or gone."""
    every = await every_account(users)
    names = {user.id: user.name for user in every if not user.disabled}
    closed = {user.id: user.name for user in every if user.disabled}
    return names | {one: closed.get(one, one) for one in kept if one and one not in names}


async def who_may(
    users: Users, action: Action, resource: Resource, *, but: str | None = None
) -> dict[str, str]:
    """Names of the open accounts whose roles allow it, by id; without the account `but`."""
    return {
        user.id: user.name
        for user in await every_account(users)
        if not user.disabled and user.id != but and allows(user.roles, action, resource)
    }
