from __future__ import annotations

from pathlib import Path

from service.db.revise import write_revision
from service.db.tables import metadata


async def test_the_first_revision_makes_every_table(tmp_path: Path) -> None:
    await write_revision("0001", "initial", versions=tmp_path)
    written = (tmp_path / "0001_initial.py").read_text(encoding="utf-8")
    assert written.count("op.create_table(") == len(metadata.tables)
    assert "Json" in written
    assert "AutoId" in written
    compile(written, "0001_initial.py", "exec")


async def test_the_next_revision_has_only_what_is_missing(tmp_path: Path) -> None:
    await write_revision("0001", "initial", versions=tmp_path)
    await write_revision("0002", "nothing", versions=tmp_path)
    written = (tmp_path / "0002_nothing.py").read_text(encoding="utf-8")
    assert "op.create_table(" not in written
    assert "down_revision = '0001'" in written
