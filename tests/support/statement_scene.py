"""Statements over real incidents, runs, timers and outbox; texts are read by a reader of words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from nlp import Analysis, CopyKey, Hit, Label
from service.auth import Principal, Role
from service.bootstrap.ground import Ground, open_store
from service.bootstrap.stating import open_stating
from service.db import Database, tables
from service.errors import Overloaded
from service.incidents import Evidence, Incident
from service.settings import load_settings
from service.statements import (
    Capacity,
    NewStatement,
    PromiseFilter,
    PromiseRow,
    Statement,
    StatementFile,
)
from tests.support.clock import SteppingClock
from tests.support.incident_scene import evidence, person, shipped_library
from tests.support.oncall_scene import OncallScene

LIN = person("lin", Role.LEAD)
MEI = person("mei", Role.LEAD)
FA = person("fa", Role.LEGAL)
RUI = person("rui", Role.RESPONDER)
WEI = person("wei", Role.VIEWER)

CALM = "我们正在核实这件事，给大家添了麻烦，对不起。"
"""Blocks nothing and promises nothing."""
REFUND = "我们正在核实这件事，对不起。同批次产品全额退款。"


class WordReader:
    """Feels what words say, sees absolute claims; `busy` refuses, `blind` has no encoder."""

    def __init__(self) -> None:
        self.busy = False
        self.blind = False
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        """Happens once, while a text is read."""
        self.feelings: dict[str, str] = {"气": "angry", "怕": "fear", "滚": "disgust"}

    async def analyze(self, texts: Sequence[str], *, patient: bool = False) -> list[Analysis]:
        if self.busy:
            raise Overloaded("too many texts wait to be read; send this again")
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        return [self._analysis(text) for text in texts]

    async def analyze_words(
        self, texts: Sequence[str], *, components: Collection[str]
    ) -> list[Analysis]:
        assert components == {"lexicon"}
        return [replace(self._analysis(text), emotion=None, abuse=None) for text in texts]

    async def aclose(self) -> None:
        """There is nothing to give back."""

    def _analysis(self, text: str) -> Analysis:
        label = next((felt for word, felt in self.feelings.items() if word in text), "neutral")
        at = text.find("国家级")
        hits = () if at < 0 else (_hit(at),)
        return Analysis(
            language="zh",
            normal=text,
            tokens=(),
            copy_key=CopyKey(exact="", simhash=0, bands=()),
            emotion=None if self.blind else Label(label=label, scores={label: 0.9}),
            abuse=None if self.blind else (0.9 if "滚" in text else 0.1),
            hits=hits,
        )


def _hit(at: int) -> Hit:
    return Hit(
        entry_id="lex_ad_absolute_006",
        term="国家级",
        category="ad_absolute",
        severity=3,
        scenario=None,
        start=at,
        end=at + 3,
        surface="国家级",
    )


class StatementScene(OncallScene):
    """Everything from an incident to a promise that is kept."""

    def __init__(self, database: Database, clock: SteppingClock, folder: Path) -> None:
        super().__init__(database, clock, folder)
        settings = load_settings(
            {"FENGSUI_DATA_DIR": str(folder), "FENGSUI_SECRET_KEY": "statement-test-" * 4}
        )
        self.reader = WordReader()
        self.zone = settings.zone
        ground = Ground(
            settings=settings,
            clock=clock,
            database=database,
            store=open_store(settings, virtual=True),
            library=shipped_library(),
            chance=lambda: 0.5,
            virtual=True,
            leaving=False,
        )
        self.stating = open_stating(ground, reader=self.reader, responding=self.responding)

    async def crisis(self, tier: str = "yellow", *texts: str, **changes: Any) -> Incident:
        """A quality crisis with these posts as evidence."""
        now = self.clock.now()
        frozen: tuple[Evidence, ...] = tuple(
            replace(evidence(number, at=now, text=text), snapshot={"text": text, "source": "weibo"})
            for number, text in enumerate(texts, start=1)
        )
        return await self.open(tier, evidence=frozen, **changes)

    async def draft(
        self, incident: Incident, text: str | None = CALM, *, by: Principal = RUI, **wanted: Any
    ) -> Statement:
        """A statement that says this; None for what the template says."""
        self.clock.step(seconds=1)
        wanted = {"title": "说明", "emotion": "angry", **wanted}
        return await self.stating.desk.draft(by, incident.id, NewStatement(text=text, **wanted))

    async def submitted(self, incident: Incident, text: str = CALM) -> Statement:
        """One that waits for approval; its promises are assigned."""
        statement = await self.draft(incident, text)
        for row in await self.promises(statement.id):
            await self.stating.promises.assign(
                RUI, row.id, owner="service", due_at=self.clock.now() + timedelta(days=10)
            )
        return await self.stating.desk.submit(RUI, statement.id)

    async def approved(self, incident: Incident, text: str = CALM) -> Statement:
        """One that may go out, in a tier below the gravest."""
        statement = await self.submitted(incident, text)
        statement = await self.stating.approvals.approve(LIN, statement.id, Capacity.LEAD)
        if statement.promises:
            statement = await self.stating.approvals.approve(FA, statement.id, Capacity.LEGAL)
        return statement

    async def published(self, incident: Incident, text: str = CALM) -> Statement:
        """One that is out on the brand's page."""
        statement = await self.approved(incident, text)
        done = await self.stating.publication.publish(RUI, statement.id, place="官网")
        return done.statement

    async def file(self, statement_id: str) -> StatementFile:
        return await self.stating.reading.file(LIN, statement_id)

    async def promises(self, statement_id: str) -> tuple[PromiseRow, ...]:
        return await self.stating.promises.page(LIN, PromiseFilter(statement_id=statement_id))

    async def told(self, kind: str) -> list[Mapping[str, Any]]:
        """The data of all events of a kind."""
        return [row["data"] for row in await self.rows(tables.outbox) if row["type"] == kind]
