"""The whole service behind its HTTP API in virtual time: people who are signed in, posts, pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from service.api import mount_api
from service.api.identity import SESSION_COOKIE
from service.auth import SYSTEM, Role
from service.auth.account import User
from service.bootstrap import Container, build
from service.clock import VirtualClock
from service.jobs import advance
from service.settings import load_settings

PASSWORD = "correct-horse-42"


class RedScene:
    """Calls go through the API as from a browser; time passes only by `pass_time`."""

    def __init__(self, container: Container, clock: VirtualClock) -> None:
        self.container, self.clock = container, clock
        app = FastAPI(title="Fengsui", version="1.2.3", docs_url=None, redoc_url=None)
        mount_api(app, container)
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://fengsui.test"
        )
        self._users: dict[str, User] = {}

    async def aclose(self) -> None:
        await self._http.aclose()

    async def hire(self, name: str, *roles: Role) -> None:
        """Somebody with an account and a password of their own."""
        made = await self.container.users.create(SYSTEM, name=name, roles=roles)
        await self.container.sign_in.change_password(made.user.id, old=made.password, new=PASSWORD)
        self._users[name] = await self.container.users.get(made.user.id)

    def id_of(self, name: str) -> str:
        """Of their account."""
        return self._users[name].id

    async def call(
        self, name: str, method: str, path: str, body: Any = None, **extra: Any
    ) -> httpx.Response:
        """One request of theirs, in a session that has just begun: the story takes days."""
        session = await self.container.sessions.start(self._users[name])
        headers = {"Cookie": f"{SESSION_COOKIE}={session}", **extra.pop("headers", {})}
        return await self._http.request(method, f"/v1{path}", json=body, headers=headers, **extra)

    async def get(self, name: str, path: str, **query: Any) -> Any:
        """What somebody reads, which must be theirs to read."""
        answer = await self.call(name, "GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def do(self, name: str, path: str, body: Any = None, *, method: str = "POST") -> Any:
        """What somebody does, which must succeed."""
        answer = await self.call(name, method, path, body)
        assert answer.status_code in {200, 201, 204}, f"{path}: {answer.text}"
        return answer.json() if answer.content else None

    async def refused(self, name: str, path: str, body: Any = None) -> tuple[int, str]:
        """What somebody tries in vain: status and detail."""
        answer = await self.call(name, "POST", path, body)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["detail"]

    async def hear(self, path: str, content: bytes, headers: Mapping[str, str]) -> Any:
        """What another service says at one of our hooks, which must be heard."""
        answer = await self._http.post(path, content=content, headers=dict(headers))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def pass_time(self, **duration: float) -> datetime:
        """Let the clock run; whatever is due happens at its own instant."""
        jobs = [*self.container.line, self.container.handing_over.watch]
        await advance(self.clock, jobs, self.clock.now() + timedelta(**duration))
        return self.clock.now()

    def paged(self, channel: str, since: datetime) -> list[str]:
        """Types of what has come to a channel since then, in order."""
        return [
            item.message.type.value
            for item in self.container.recorder.sent
            if item.channel_id == channel and item.at >= since
        ]


@asynccontextmanager
async def red_scene(
    folder: Path, *, start: datetime, deliver: bool = False, **settings: str
) -> AsyncIterator[RedScene]:
    """An empty installation at that instant; `settings` are `FENGSUI_…` by their full names.

    With `deliver` messages leave for what is on loopback; channels of kind `recording` stay.
    """
    clock = VirtualClock(start)
    loaded = load_settings(
        {
            "FENGSUI_DATA_DIR": str(folder),
            "FENGSUI_SECRET_KEY": "red-incident-" * 4,
            "FENGSUI_WORKER_ID": "e2e",
            "FENGSUI_CANARY": "false",
        }
        | settings
    )
    container = await build(loaded, clock=clock, virtual=True, random=lambda: 0.5, deliver=deliver)
    scene = RedScene(container, clock)
    try:
        yield scene
    finally:
        await scene.aclose()
        await container.close()


def wire_posts(texts: Sequence[str], *, at: datetime, **changed: Any) -> list[dict[str, Any]]:
    """Posts on a line at one instant, each of another author."""
    stamp = at.isoformat()
    return [
        {
            "source": "weibo",
            "native_id": f"{stamp}-{number}",
            "published_at": stamp,
            "text": text,
            "author": {"id": f"{stamp}-{number}", "name": f"路人{number}"},
        }
        | changed
        for number, text in enumerate(texts)
    ]
