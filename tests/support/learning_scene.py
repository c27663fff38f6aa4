"""The learning loop on a database, a post store and a clock, with tiny models that really run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from nlp import Analyzer, load_analyzer, search_phrases
from nlp.encoder import load_backend
from nlp.lexicon import Lexicon, LiveLexicon
from service.auth import Role
from service.backtest import Outcome, Scene, Tell
from service.db import Database, tables
from service.errors import InvalidInput
from service.learning import (
    Candidate,
    CorrectionDesk,
    EncoderDirectory,
    Evaluator,
    Exchange,
    Gathering,
    Kind,
    SetExport,
    Span,
    SwitchDesk,
)
from service.learning.candidate import fingerprint_of
from service.lexicon import LexiconDesk, Shelves
from service.moderation import Encoder
from service.moderation.policies import default_policy
from service.rules import RuleDesk
from service.stores import StoredPost
from service.stores.sqlite import SqlitePostStore
from tests.service.lexicon.rows import SHIPPED
from tests.support.clock import SteppingClock
from tests.support.incident_scene import shipped_library
from tests.support.review_scene import ANNA, BLOCK, PASS, ReviewScene, case, person
from tests.support.stored_posts import stored_post
from tests.support.tiny_model import HEADS, write_tiny_model

ANA = person("ana", Role.ANALYST)
LEAD = person("lead", Role.LEAD)
VIEWER = person("viewer", Role.VIEWER)
GLOOMY = {**HEADS, "sentiment": replace(HEADS["sentiment"], bias=(9.0, 0.0, 0.0))}
"""Heads of a model that takes a plain text for a complaint."""


class Played:
    """Posts that are not there, or an outcome that a test gives."""

    outcome: Outcome | None = None

    async def scene(self, span: Span, *, tell: Callable[[int, int], None]) -> Scene:
        if self.outcome is None:
            raise InvalidInput("no stored post of a monitor lies in that time: name another")
        tell(1, 1)
        return self.outcome.scene

    async def play(self, scene: Scene, candidate: Candidate, *, tell: Tell) -> Outcome:
        assert self.outcome is not None
        return self.outcome


class LearningScene:
    """`usual` is the folder of the settings' model, `gloomy` that of another one."""

    def __init__(
        self, database: Database, store: SqlitePostStore, clock: SteppingClock, folder: Path
    ) -> None:
        self.database, self.store, self.clock = database, store, clock
        self.review = ReviewScene(database, clock)
        self.usual = write_tiny_model(folder / "usual")
        self.gloomy = write_tiny_model(folder / "gloomy", heads=GLOOMY, version="2")
        library = shipped_library()
        self.gathering = Gathering(database, store)
        self.corrections = CorrectionDesk(
            database=database, store=store, clock=clock, scenarios=library.scenarios.keys()
        )
        self.export = SetExport(database, clock, gathering=self.gathering)
        self.shelves = Shelves(database, SHIPPED, threads=False)
        self.lexicon = LexiconDesk(
            database=database, clock=clock, shelves=self.shelves, threads=False
        )
        self.rules = RuleDesk(database, clock, library)
        self.models = self.replica()
        self.switches = SwitchDesk(
            database,
            clock,
            gathering=self.gathering,
            exchange=Exchange(
                lexicon=self.lexicon,
                rules=self.rules,
                open_at=self.open_at,
                settled=fingerprint_of(self.usual),
                threads=False,
            ),
        )
        self.played = Played()
        self.told: list[tuple[str, int, int]] = []
        self.evaluator = Evaluator(
            database,
            clock,
            gathering=self.gathering,
            readers=self,
            rehearsing=self.played,
            policy=default_policy,
        )

    @cached_property
    def analyzer(self) -> Analyzer:
        """The one that serves. It takes a third of a second to build."""
        built = load_analyzer(lexicon=Lexicon(SHIPPED), backends=())
        self.models.feed(built)
        return built

    def open_at(self, folder: Path | None) -> Encoder:
        return Encoder(backends=(load_backend(folder or self.usual),))

    def replica(self) -> EncoderDirectory:
        """The directory of another process."""
        return EncoderDirectory(
            self.database, encoder=self.open_at(None), open_at=self.open_at, threads=False
        )

    async def serving(self) -> Analyzer:
        return self.analyzer

    async def of(self, candidate: Candidate) -> Analyzer:
        words = {entry.id: entry for entry in SHIPPED}
        backends = self.models.encoder.backends
        if candidate.kind is Kind.ENCODER:
            backends = self.open_at(Path(candidate.place)).backends
        elif candidate.words is not None:
            words |= {entry.id: entry for entry in candidate.words.entries}
        return load_analyzer(lexicon=LiveLexicon(Lexicon(tuple(words.values()))), backends=backends)

    def tell(self, stage: str, done: int, of: int) -> None:
        self.told.append((stage, done, of))

    async def posted(self, number: int = 1, text: str = "味道还行", **changes: Any) -> StoredPost:
        """A stored post."""
        post = stored_post(
            number, text, analysis={"versions": {"encoder": "old-1"}}, author=f"au{number}"
        )
        await self.store.upsert([replace(post, **changes)])
        return replace(post, **changes)

    async def corrected(
        self, number: int, text: str, *, head: str = "sentiment", label: str = "negative"
    ) -> None:
        """A post, and what Ana says of it a minute later."""
        post = await self.posted(number, text)
        self.clock.step(minutes=1)
        await self.corrections.correct(ANA, post.id, head=head, label=label)

    async def ruled(self, text: str, *, block: bool = True, **given: Any) -> None:
        """A text that a reviewer decided, a minute later."""
        self.clock.step(minutes=1)
        item = await self.review.filed(case(text, item_id=text, at=self.clock.now(), **given))
        await self.review.decide(item, ANNA, BLOCK if block else PASS)

    async def marked(self, number: int = 1, *, kind: str = "crisis", drill: bool = False) -> None:
        """A frozen post of an incident, marked by Ana as not about us two minutes later."""
        await self.posted(number, "别家的事", author="au9")
        now = self.clock.step(minutes=1)
        incident_id = f"inc_{number}"
        async with self.database.write() as connection:
            await connection.execute(
                insert(tables.incident).values(incident_row(incident_id, now, kind, drill=drill))
            )
            await connection.execute(
                insert(tables.incident_post).values(
                    incident_id=incident_id,
                    post_id=f"p{number:023d}",
                    at=now,
                    copy_group="g",
                    snapshot={"title": None, "text": "别家的事", "author": "au9"},
                    sha256="0" * 64,
                    not_about_us=True,
                    marked_by=ANA.id,
                )
            )
            await connection.execute(
                insert(tables.incident_event).values(
                    incident_id=incident_id,
                    at=now + timedelta(minutes=1),
                    kind="not_about_us",
                    actor=ANA.id,
                    data={"post": f"p{number:023d}"},
                )
            )
        self.clock.step(minutes=1)


def incident_row(incident_id: str, at: datetime, kind: str, *, drill: bool) -> dict[str, Any]:
    """The columns of an incident that must be there."""
    return {
        "id": incident_id,
        "kind": kind,
        "drill": drill,
        "monitor_id": incident_id,
        "title": "t",
        "tier": "yellow",
        "tier_rank": 1,
        "state": "open",
        "reasons": [],
        "first_post_at": at,
        "opened_at": at,
        "updated_at": at,
    }


@asynccontextmanager
async def learning_scene(
    database: Database, clock: SteppingClock, folder: Path
) -> AsyncIterator[LearningScene]:
    """A scene whose store is closed again."""
    store = SqlitePostStore(
        folder / "posts.db", query_phrases=search_phrases, durable=False, inline=True
    )
    await store.migrate()
    try:
        yield LearningScene(database, store, clock, folder)
    finally:
        await store.close()
