"""Writes a migration out of the difference between the newest revision and `service.db.tables`.

Read what it wrote before you commit it. Before the first release, delete the file of 0001 and write
it anew; afterwards add the next number:

    rm service/db/migrations/versions/0001_initial.py
    python -m service.db.revise 0001 initial
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from service.db.columns import AutoId, Instant, Json
from service.db.engine import Database
from service.db.migrate import FOLDER, configured


async def write_revision(
    number: str, message: str, *, versions: Path = FOLDER / "versions"
) -> None:
    """Add `<number>_<message>.py` to `versions`: what an empty database migrated so far lacks."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/state.db", durable=False)

        def migrate_and_compare(connection: Connection) -> None:
            config = configured(connection)
            config.set_main_option("version_locations", str(versions).replace("%", "%%"))
            config.attributes["render_item"] = _render
            command.upgrade(config, "head")
            command.revision(config, message=message, rev_id=number, autogenerate=True)

        try:
            async with database.write() as connection:
                await connection.run_sync(migrate_and_compare)
        finally:
            await database.close()


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Our own column types by their names: a revision must mean the same on both engines."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "Instant()"
    named = {"Json": Json, "AutoId": AutoId}
    return next((name for name, ours in named.items() if item is ours), False)


if __name__ == "__main__":
    asyncio.run(write_revision(sys.argv[1], sys.argv[2]))
