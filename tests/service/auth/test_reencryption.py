from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from service.auth import Handle, Handles, KeyRing, reencrypt
from service.db import Database
from service.db.tables import author_handle, channel, import_piece, import_run, source
from tests.support.clock import START, SteppingClock

RUN = {
    "id": "imp_1",
    "file": "posts.csv",
    "state": "running",
    "posts": 4,
    "done": 0,
    "rejected": 0,
    "changes": {},
    "problems": [],
    "created_by": "system",
    "created_at": START,
}


async def test_everything_is_readable_with_the_newest_key_alone(
    database: Database, clock: SteppingClock, tmp_path: Path
) -> None:
    ring = KeyRing.from_file(tmp_path / "keys.json")
    handles = Handles(database, clock, ring)
    stamped = {"created_at": START, "updated_at": START, "settings": {}, "name": "x"}
    async with database.write() as connection:
        await handles.remember(
            connection,
            [
                Handle(author=ring.pseudonym("weibo", str(n)), source="weibo", id=str(n))
                for n in range(7)
            ],
        )
        await connection.execute(
            source.insert(),
            [
                {"id": "a", "kind": "rss", "secrets": ring.encrypt("{}"), **stamped},
                {"id": "b", "kind": "rss", "secrets": None, **stamped},
            ],
        )
        await connection.execute(
            channel.insert().values(
                id="c",
                kind="webhook",
                url=ring.encrypt("https://hook.example/x"),
                secret=None,
                events=[],
                **stamped,
            )
        )
        await connection.execute(import_run.insert().values(**RUN))
        await connection.execute(
            import_piece.insert(),
            [
                {"import_id": "imp_1", "posts": 1, "content": ring.encrypt(f"piece {number}")}
                for number in range(4)
            ],
        )
    ring.rotate()
    assert await reencrypt(database, ring, batch=3) == 13
    ring.forget_old()
    async with database.read() as connection:
        for (token,) in await connection.execute(select(author_handle.c.handle)):
            assert ring.decrypt(token).startswith("[")
        url = await connection.scalar(select(channel.c.url))
        secrets = await connection.scalar(select(source.c.secrets).where(source.c.id == "a"))
        pieces = (await connection.execute(select(import_piece.c.content))).scalars().all()
    assert ring.decrypt(url or "") == "https://hook.example/x"
    assert ring.decrypt(secrets or "") == "{}"
    assert [ring.decrypt(piece) for piece in pieces] == [f"piece {number}" for number in range(4)]
