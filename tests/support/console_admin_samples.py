"""Something to see at the places of administration: accounts, roles, API keys, the audit trail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from service.audit import record
from service.auth import SYSTEM, Role
from service.errors import Conflict, InvalidInput
from service.incidents.audit_reading import read_trail
from tests.support.console_scene import ConsoleScene

Sample = Callable[[ConsoleScene, Sequence[str]], Awaitable[str]]


async def _users(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _user(scene, said)
    return "/users"


async def _user(scene: ConsoleScene, said: Sequence[str]) -> str:
    made = await scene.container.users.create(SYSTEM, name="wang.min", roles=[Role.LEAD])
    await scene.container.users.set_disabled(SYSTEM, made.user.id, disabled=True)
    for text in said[:40]:
        try:
            made = await scene.container.users.create(SYSTEM, name=text, roles=[Role.VIEWER])
        except (Conflict, InvalidInput):
            continue  # such a name is refused, which is as good
    return f"/users/{made.user.id}"


async def _keys(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _key(scene, said)
    return "/keys"


async def _key(scene: ConsoleScene, said: Sequence[str]) -> str:
    keys = scene.container.keys
    made = await keys.create(SYSTEM, name="审核网关", roles=[Role.CLASSIFIER])
    await keys.revoke(SYSTEM, made.key.id)
    for text in said[:40]:
        try:
            made = await keys.create(SYSTEM, name=text, roles=[Role.CLASSIFIER])
        except InvalidInput:
            continue  # such a name is refused, which is as good
    return f"/keys/{made.key.id}"


async def _audit(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _entry(scene, said)
    return "/audit"


async def _entry(scene: ConsoleScene, said: Sequence[str]) -> str:
    async with scene.container.database.write() as connection:
        for text in said:
            await record(
                connection,
                at=scene.clock.now(),
                actor=text,
                action="post.revealed",
                subject_type=text[:30].replace("\x00", "").encode("utf-8", "replace").decode(),
                subject_id=text,
                data={"reason": text, "said": list(said[:20])},
            )
    found = await read_trail(scene.container.database, SYSTEM, limit=1)
    return f"/audit/{found.items[0].entry.id}"


ADMIN_SAMPLES: dict[str, Sample] = {
    "/users": _users,
    "/users/{user_id}": _user,
    "/keys": _keys,
    "/keys/{key_id}": _key,
    "/audit": _audit,
    "/audit/{entry_id}": _entry,
}
"""By path, as the place has it."""
