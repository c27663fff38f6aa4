"""`fengsui user` and `fengsui key`."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from service.auth import Role, SignIn
from service.cli.opening import opened
from service.settings import load_settings
from tests.service.cli.conftest import Shell


async def sign_in(data: Path, name: str, password: str) -> bool:
    async with opened(load_settings({"FENGSUI_DATA_DIR": str(data)})) as container:
        assert isinstance(container.sign_in, SignIn)
        user = await container.users.find(name)
        assert user is not None
        assert Role.LEAD in user.roles
        return await container.passwords.verify(await stored_hash(container, name), password)


def test_x() -> None: ...
