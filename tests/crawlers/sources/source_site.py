"""A site on loopback, the real fetcher and engine, and virtual time around one source.

The bench of every test of a source that speaks HTTP:

    async with source_site("steam", {"app_id": "7"}) as site:
        site.web.on("/appreviews/7", handler)      # tests/support/mock_site.py
        report = await site.pull()                 # moves time to when the source is due
        site.posts                                 # what the sink holds, by native id

`pull` runs the engine once, so paging, the cursor rule, waits and retries are the real ones.
`lose_next_checkpoint` and `restart` play a crash between a page and its checkpoint. The checks at
the end are those that every source has to pass.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from crawlers import (
    Checkpoint,
    Cursor,
    Engine,
    MemoryCheckpoints,
    Outcome,
    Post,
    PostKey,
    PullReport,
    Reread,
    Rereads,
    build_source,
)
from crawlers.fetch import (
    FetchPolicy,
    GuardPolicy,
    HttpFetcher,
    PolitenessPolicy,
    RetryPolicy,
    parse_networks,
)
from tests.support.mock_site import Answer, Asked, Handler, MockSite, mock_site

START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
NAME = "one"
DATA = Path(__file__).parent / "data"


class _Checkpoints(MemoryCheckpoints):
    """Checkpoints of which the next one can be lost."""

    lose_next = False

    async def save(self, checkpoint: Checkpoint) -> None:
        if self.lose_next:
            self.lose_next = False
            raise OSError("the process died here")
        # As in a database: what does not come back from JSON as it went in is no cursor.
        assert json.loads(json.dumps(checkpoint.cursor)) == checkpoint.cursor
        await super().save(checkpoint)


class SourceSite:
    """One source of `kind`, pulled when it is due; time moves by its waits only."""

    def __init__(self, web: MockSite, kind: str, settings: Mapping[str, Any]) -> None:
        self.web = web
        self.at = START
        self.slept: list[float] = []
        self.posts: dict[str, Post] = {}
        self.gone: list[PostKey] = []
        self.batches: list[list[str]] = []
        """Native ids in the order in which they came, one list a pull that brought posts."""
        self._kind = kind
        self._settings = settings
        self._checkpoints = _Checkpoints()
        self._fetcher = HttpFetcher(
            FetchPolicy(
                guard=GuardPolicy(allow_networks=parse_networks(["127.0.0.0/8"])),
                politeness=PolitenessPolicy(jitter=0.0),
                retry=RetryPolicy(attempts=2),
            ),
            now=lambda: self.at,
            sleep=self._sleep,
            random=lambda: 0.5,
        )
        self.restart()

    async def pull(self) -> PullReport:
        """Move time to when the source is due, and pull it once."""
        due = await self._engine.next_due()
        assert due is not None
        self.at = max(self.at, due)
        (report,) = await self._engine.run_due(self.at)
        return report

    async def drain(self, *, most: int = 20) -> list[PullReport]:
        """Pull until nothing more is waiting."""
        reports = [await self.pull()]
        while reports[-1].next_due_at <= self.at:
            assert len(reports) < most, "the source never comes to an end"
            reports.append(await self.pull())
        return reports

    def lose_next_checkpoint(self) -> None:
        """The next pull stores its posts and then loses its checkpoint."""
        self._checkpoints.lose_next = True

    def restart(self) -> None:
        """Build source and engine anew: all that is left is what was stored and the checkpoint."""
        self._source = build_source(self._kind, NAME, self._settings, now=lambda: self.at)
        self._engine = Engine(
            {NAME: self._source},
            fetcher=self._fetcher,
            checkpoints=self._checkpoints,
            sink=self._sink,
            now=lambda: self.at,
            random=lambda: 0.5,
            forget=self._forget,
        )

    async def reread(self, *ids: str) -> Reread:
        """Ask the source for these posts again."""
        source = self._source
        assert isinstance(source, Rereads)
        return await source.reread(ids, self._fetcher)

    async def plant(self, cursor: Cursor | None) -> None:
        """Begin with this cursor, as an older version or an earlier day has left it."""
        await self._checkpoints.save(Checkpoint(source=NAME, cursor=cursor))

    async def checkpoint(self) -> Checkpoint:
        """The checkpoint as it is kept."""
        found = await self._checkpoints.load(NAME)
        assert found is not None
        return found

    async def aclose(self) -> None:
        await self._fetcher.aclose()

    async def _sink(self, posts: Sequence[Post], via: str) -> None:
        assert via == NAME
        self.batches.append([post.native_id for post in posts])
        self.posts.update({post.native_id: post for post in posts})

    async def _forget(self, keys: Sequence[PostKey], via: str) -> None:
        assert via == NAME
        self.gone += keys

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@asynccontextmanager
async def source_site(
    kind: str, settings: Mapping[str, Any], *, where: str | None = "base_url", path: str = ""
) -> AsyncIterator[SourceSite]:
    """A site for one source of `kind`, whose setting `where` is the site's address and `path`."""
    async with mock_site() as web:
        address = {} if where is None else {where: web.url(path)}
        site = SourceSite(web, kind, {**address, **settings})
        try:
            yield site
        finally:
            await site.aclose()


def saved(kind: str, name: str) -> Any:
    """The answer kept as data/KIND/NAME.json, decoded, so that a test may change it."""
    return json.loads((DATA / kind / f"{name}.json").read_text(encoding="utf-8"))


def answer(data: Any, **headers: str) -> Answer:
    """JSON as an answer of the site; `_` in the name of a header stands for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(
        headers={"content-type": "application/json; charset=utf-8", **named},
        body=json.dumps(data, ensure_ascii=False).encode(),
    )


def query_of(asked: Asked) -> dict[str, str]:
    """The query of a request, decoded; of a name that comes twice the last value."""
    return dict(parse_qsl(urlsplit(asked.path).query, keep_blank_values=True))


def by_query(key: str, pages: Mapping[Any, Any]) -> Handler:
    """Pages by the value of one key of the query; None is the page without the key."""
    return lambda asked: answer(pages[query_of(asked).get(key)])


async def check_two_pages(site: SourceSite, *, ids: Sequence[Sequence[str]]) -> None:
    """The source brings these native ids, a list for each of its pulls, and then comes to rest."""
    outcomes = [(report.outcome, report.reason) for report in await site.drain()]
    assert outcomes[: len(ids)] == [(Outcome.OK, None)] * len(ids)
    assert set(outcomes[len(ids) :]) <= {(Outcome.OK_EMPTY, None)}
    assert site.batches == [list(page) for page in ids]


async def check_crash(site: SourceSite, *, ids: Sequence[str]) -> None:
    """A crash between the second page and its checkpoint: read again, nothing lost or doubled."""
    await site.pull()
    before = await site.checkpoint()
    site.lose_next_checkpoint()
    lost = await site.pull()
    assert (lost.outcome, lost.stored) == (Outcome.FAILED, True)
    assert (await site.checkpoint()).cursor == before.cursor
    site.restart()
    await site.drain()
    assert site.batches[2] == site.batches[1]
    assert sorted(site.posts) == sorted(ids)


async def check_rate_limited(site: SourceSite, *, seconds: int = 1_800) -> None:
    """A 429 is Blocked, nothing is asked until its Retry-After has passed, and then it goes on."""
    routes = dict(site.web.routes)
    limited = Answer(status=429, headers={"retry-after": str(seconds)})
    for path in routes:
        if path != "/robots.txt":
            site.web.on(path, limited)
    report = await site.pull()
    asked, began = len(site.web.asked), site.at
    assert report.outcome is Outcome.BLOCKED
    assert report.reason == "rate limited: http 429 too many requests"
    assert report.next_due_at - began >= timedelta(seconds=seconds)
    site.web.routes.update(routes)
    assert (await site.pull()).outcome is Outcome.OK
    assert len(site.web.asked) > asked
    assert site.at - began >= timedelta(seconds=seconds)


async def check_drift(site: SourceSite, *, field: str) -> None:
    """The next pull says that the answer is not what it was, naming `field`; no cursor moves."""
    await site.plant(None)
    report = await site.pull()
    assert report.outcome is Outcome.SCHEMA_DRIFT
    assert report.reason is not None
    assert field in report.reason
    assert (await site.checkpoint()).cursor is None


async def check_sign_in_page(site: SourceSite, *, path: str) -> None:
    """A sign-in page with status 200 is Blocked, never "no posts"."""
    page = "<html><title>登录</title><input type=password></html>"
    site.web.on(path, Answer(body=page.encode()))
    assert (await site.pull()).outcome is Outcome.BLOCKED
