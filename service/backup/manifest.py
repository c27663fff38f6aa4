"""What a backup says of itself: when, by which version, and what each file must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from service.backup.errors import DamagedBackup
from service.backup.lines import checksum

FORMAT = 1
MANIFEST = "manifest.json"
STATE = "state.jsonl.gz"
POSTS = "posts.jsonl.gz"
KEYS = "keys.json"
MEMBERS = (MANIFEST, STATE, POSTS, KEYS)
"""Every file that a backup may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`tables` counts rows by table, `files` holds the SHA-256 of each file.

    `revision` is that of the state's schema; `keys` the fingerprint of the key ring that encrypted
    it, None where nothing was ever encrypted.
    """

    version: str
    revision: str
    made_at: datetime
    tables: Mapping[str, int]
    posts: int
    keys: str | None
    files: Mapping[str, str]

    @property
    def has_keys(self) -> bool:
        """Whether the key file is in the backup."""
        return KEYS in self.files


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: int = Field(ge=1)
    version: str
    revision: str = Field(pattern=r"^[0-9a-z]{1,32}$")
    made_at: datetime
    tables: dict[str, int]
    posts: int = Field(ge=0)
    keys: str | None
    files: dict[str, str]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Written last: a folder without it is no backup."""
    data = {"format": FORMAT} | {
        name: getattr(manifest, name) for name in Manifest.__dataclass_fields__
    }
    (folder / MANIFEST).write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))


def read_manifest(folder: Path) -> Manifest:
    """The manifest, with every file there and as it was written.

    The sums tell damage, not forgery: who can change a file can change them too. Raises
    DamagedBackup.
    """
    try:
        data = orjson.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise DamagedBackup(
            f"{folder} holds no {MANIFEST}: it is no backup, or one that was not finished"
        ) from None
    except orjson.JSONDecodeError as error:
        raise DamagedBackup(f"{folder / MANIFEST} is damaged: {error}") from error
    if isinstance(data, dict) and isinstance(data.get("format"), int) and data["format"] > FORMAT:
        raise DamagedBackup(
            f"{folder} was written in format {data['format']} by Fengsui {data.get('version')}, "
            f"this one reads up to {FORMAT}: restore it with that version"
        )
    try:
        written = _Written.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise DamagedBackup(f"{folder / MANIFEST}: {place}: {first['msg']}") from None
    for name in (STATE, POSTS):
        if name not in written.files:
            raise DamagedBackup(f"{folder / MANIFEST} does not name {name}")
    for name, expected in written.files.items():
        _compare(folder, name, expected)
    return Manifest(**written.model_dump(exclude={"format"}))


def _compare(folder: Path, name: str, expected: str) -> None:
    if name not in MEMBERS:
        raise DamagedBackup(f"{folder / MANIFEST} names {name[:64]!r}, which no backup holds")
    path = folder / name
    if not path.is_file():
        raise DamagedBackup(f"{folder} lacks {name}")
    if checksum(path) != expected:
        raise DamagedBackup(f"{path} is not what was written: take another copy, or backup")
