"""The whole service on one folder, for the tests beside this file: settings, people, posts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from crawlers import Author, Channel, Post
from service.auth import SYSTEM
from service.bootstrap import Container, build, open_database, open_store, prepare
from service.clock import Clock
from service.monitors import BrandDraft, ChannelDraft, ChannelKind, MonitorDraft
from service.settings import Settings, load_settings
from tests.support.webhook_receiver import Received

BRAND = BrandDraft(id="qingyou", name="青柚", aliases=("青柚", "Qingyou"))
MONITOR = MonitorDraft(id="qingyou", name="青柚全网", query="青柚 Qingyou", brand_id="qingyou")
INJURIES = (
    "喝了青柚的气泡水之后孩子上吐下泻，已经送医院洗胃了",
    "青柚气泡水喝完全家腹泻，医生说是食物中毒",
    "青柚的饮料里有玻璃碎片，孩子嘴唇割破缝了两针",
    "刚从急诊回来，孩子喝了青柚以后一直呕吐，医院说是食物中毒",
)
LOOPBACK = "127.0.0.0/8"


@dataclass(frozen=True, slots=True)
class Paged:
    """A message as a receiver saw it."""

    id: str
    type: str
    at: str
    data: dict[str, Any]


def settings_for(folder: Path, **variables: str) -> Settings:
    """Settings of an installation in `folder` that may reach loopback."""
    return load_settings(environment(folder, **variables))


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """The same as variables, for processes."""
    return {
        "FENGSUI_DATA_DIR": str(folder),
        "FENGSUI_SECRET_KEY": "end-to-end-" * 4,
        "FENGSUI_WORKER_ID": "e2e",
        "FENGSUI_CANARY": "false",
        "FENGSUI_WEBHOOK_ALLOW_NETWORKS": LOOPBACK,
        "FENGSUI_FETCH_ALLOW_NETWORKS": LOOPBACK,
        **variables,
    }


@asynccontextmanager
async def running(
    folder: Path, *, clock: Clock, virtual: bool = True, **variables: str
) -> AsyncIterator[Container]:
    """The service with one brand and its monitor; what it sends really leaves."""
    settings = settings_for(folder, **variables)
    if not virtual:
        await migrate(settings)
    container = await build(
        settings, clock=clock, virtual=virtual, random=lambda: 0.5, deliver=True
    )
    try:
        await container.brands.put(SYSTEM, BRAND)
        await container.monitors.put(SYSTEM, MONITOR)
        yield container
    finally:
        await container.close()


async def migrate(settings: Settings) -> None:
    """What `fengsui migrate` does."""
    database, store = open_database(settings), open_store(settings)
    try:
        await prepare(database, store)
    finally:
        await store.close()
        await database.close()


async def add_webhook(container: Container, url: str) -> str:
    """Page to `url` from now on; answers the signing secret."""
    draft = ChannelDraft(id="duty", kind=ChannelKind.WEBHOOK, name="值班", url=url)
    saved = await container.channels.put(SYSTEM, draft)
    assert saved.new_secret is not None
    return saved.new_secret


def posts(
    texts: tuple[str, ...], *, start: datetime, every: timedelta = timedelta(seconds=30)
) -> list[Post]:
    """One post a text, each of another author."""
    return [
        Post(
            source="weibo",
            native_id=f"p{number}",
            published_at=start + number * every,
            text=text,
            channel=Channel.SOCIAL,
            author=Author(id=f"uid-{number:05d}", name=f"路人甲{number}"),
        )
        for number, text in enumerate(texts)
    ]


def read_page(received: Received) -> Paged:
    """A request to a receiver, taken apart."""
    body = json.loads(received.body)
    return Paged(received.headers["webhook-id"], body["type"], body["timestamp"], body["data"])


async def rows(container: Container, table: Table, *order: Any) -> list[Any]:
    """Every row of a table."""
    async with container.database.read() as connection:
        return list(await connection.execute(select(table).order_by(*order)))
