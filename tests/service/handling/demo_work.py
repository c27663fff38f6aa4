"""The bundled demo, worked by a team: who does what at which instant of the virtual clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from crawlers import parse_post
from service.auth import SYSTEM, Role
from service.demo import config_path
from service.incidents import Kind, Opening
from service.incidents import repository as incident_rows
from service.jobs import advance
from tests.support.red_scene import RedScene, wire_posts

Deed = Callable[[], Awaitable[Any]]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REFUNDS, SAFETY, RUMOUR = "pricing_refunds", "safety_incident", "rumour_smear"
FIRST_POST = {
    REFUNDS: datetime(2026, 3, 8, 12, 2, 10, tzinfo=UTC),
    SAFETY: datetime(2026, 3, 10, 6, 3, 20, tzinfo=UTC),
    RUMOUR: datetime(2026, 3, 10, 7, 33, 7, tzinfo=UTC),
}
OPENED = {
    REFUNDS: datetime(2026, 3, 8, 12, 28, 53, tzinfo=UTC),
    SAFETY: datetime(2026, 3, 10, 6, 3, 20, tzinfo=UTC),
    RUMOUR: datetime(2026, 3, 10, 14, 47, 12, tzinfo=UTC),
}
RISEN = (
    (REFUNDS, datetime(2026, 3, 8, 13, 13, 52, tzinfo=UTC), "orange", 2),
    (SAFETY, datetime(2026, 3, 10, 6, 26, 24, tzinfo=UTC), "orange", 2),
    (SAFETY, datetime(2026, 3, 10, 6, 48, 42, tzinfo=UTC), "red", 3),
)
CONTAINED = {
    REFUNDS: datetime(2026, 3, 8, 17, 26, 37, tzinfo=UTC),
    SAFETY: datetime(2026, 3, 10, 18, 2, 12, tzinfo=UTC),
    RUMOUR: datetime(2026, 3, 10, 18, 47, 12, tzinfo=UTC),
}
"""What detection does with the bundled stream; `test_demo_stream` plays the stream to prove it."""
END = datetime(2026, 3, 13, 11, 0, tzinfo=UTC)
"""Every deadline has passed: the last one is claim_answered of the rumour, at ten that day."""
PEOPLE = {
    "anna": (Role.RESPONDER, Role.LEAD),
    "bo": (Role.RESPONDER,),
    "ting": (Role.LEAD,),
    "du": (Role.LEGAL,),
    "wei": (Role.VIEWER,),
}
SORRY = "今晚的活动价无法结算，是我们的规则写错了。受影响的每一单，我们赔偿差价，客服逐单联系。"


class Timetable:
    """A job that does each deed once, at its instant."""

    name = "timetable"

    def __init__(self) -> None:
        self._deeds: list[tuple[datetime, int, Deed]] = []

    def at(self, instant: datetime, deed: Deed) -> None:
        self._deeds.append((instant, len(self._deeds), deed))
        self._deeds.sort(key=lambda item: item[:2])

    async def next_at(self) -> datetime | None:
        return self._deeds[0][0] if self._deeds else None

    async def run(self, now: datetime) -> int:
        done = 0
        while self._deeds and self._deeds[0][0] <= now:
            _, _, deed = self._deeds.pop(0)
            await deed()
            done += 1
        return done


class DemoWork:
    """What the team does. Ids of incidents are known once they are open."""

    def __init__(self, scene: RedScene) -> None:
        self.scene = scene
        self.ids: dict[str, str] = {}
        self.promises: list[str] = []
        self.timetable = Timetable()

    async def play(self) -> None:
        """What detection and people do, until the last deadline has passed."""
        container = self.scene.container
        for name, roles in PEOPLE.items():
            await self.scene.hire(name, *roles)
        await container.importer.apply(SYSTEM, config_path())
        for scenario in OPENED:
            self._detection(scenario)
        self._plan()
        # Detection is played from the recording: without its posts monitoring would see calm.
        line = [job for job in container.line if job.name != "monitoring"]
        await advance(self.scene.clock, (*line, self.timetable), END)

    def _detection(self, scenario: str) -> None:
        """Opens, raises and ends the incident as monitoring does, through the same door."""
        incidents = self.scene.container.desk._incidents
        database = self.scene.container.database

        async def opens() -> None:
            now = self.scene.clock.now()
            opening = Opening(
                kind=Kind.CRISIS,
                monitor_id="chengyu",
                scenario=scenario,
                title="澄屿全网",
                tier="yellow",
                tier_rank=1,
                reasons=(),
                posts=9,
                first_post_id=None,
                first_post_at=FIRST_POST[scenario],
                last_post_at=now,
            )
            async with database.write() as connection:
                self.ids[scenario] = (await incidents.open(connection, opening, now=now)).id

        def rises(tier: str, rank: int) -> Deed:
            async def deed() -> None:
                async with database.write() as connection:
                    incident = await incident_rows.get(connection, self.ids[scenario])
                    await incidents.set_tier(
                        connection,
                        incident,
                        tier=tier,
                        rank=rank,
                        reasons=(),
                        actor="system",
                        now=self.scene.clock.now(),
                    )

            return deed

        async def ends() -> None:
            async with database.write() as connection:
                incident = await incident_rows.get(connection, self.ids[scenario])
                await incidents.end_taking(
                    connection,
                    incident,
                    reason="contained",
                    contained=True,
                    now=self.scene.clock.now(),
                )

        self.timetable.at(OPENED[scenario], opens)
        for name, at, tier, rank in RISEN:
            if name == scenario:
                self.timetable.at(at, rises(tier, rank))
        self.timetable.at(CONTAINED[scenario], ends)

    def _plan(self) -> None:
        self._does(REFUNDS, 4, "anna", "acknowledge")
        self._does(SAFETY, 12, "anna", "acknowledge")
        self._does(RUMOUR, 10, "anna", "acknowledge")
        for scenario, step, minutes in (
            (REFUNDS, "complaint_answer", 13),
            (REFUNDS, "first_response", 25),
            (REFUNDS, "team_complete", 50),
            (REFUNDS, "impact_assessed", 70),
            (REFUNDS, "complaint_response", 230),
            (SAFETY, "first_response", 20),
            (SAFETY, "people_contacted", 22),
            (SAFETY, "team_complete", 50),
            (SAFETY, "impact_assessed", 70),
            (SAFETY, "holding_statement", 130),
            (RUMOUR, "first_response", 50),
        ):
            self.timetable.at(OPENED[scenario] + minutes * MINUTE, self._step(scenario, step))
        self.timetable.at(OPENED[REFUNDS] + 80 * MINUTE, self._apologise)
        self._does(REFUNDS, 300, "anna", "resolve")
        self._does(RUMOUR, 241, "anna", "resolve")
        self.timetable.at(OPENED[REFUNDS] + 20 * MINUTE, self._complaints)
        self.timetable.at(OPENED[REFUNDS] + 6 * HOUR, self._costs)

    def _does(self, scenario: str, minutes: int, name: str, action: str) -> None:
        async def deed() -> None:
            await self.scene.do(name, f"/incidents/{self.ids[scenario]}/{action}")

        self.timetable.at(OPENED[scenario] + minutes * MINUTE, deed)

    def _step(self, scenario: str, step: str) -> Deed:
        async def deed() -> None:
            path = f"/runs/{self.ids[scenario]}/steps/{step}/done"
            await self.scene.do("bo", path, {"note": "已办"})

        return deed

    async def _apologise(self) -> None:
        """Written, approved, published; it promises compensation, whose amount comes later."""
        wanted = {"title": "说明", "kind": "apology", "text": SORRY}
        path = f"/incidents/{self.ids[REFUNDS]}"
        made = await self.scene.do("bo", f"{path}/statements", wanted)
        statement = f"/statements/{made['id']}"
        for promise in made["ledger"]:
            due = (self.scene.clock.now() + 48 * HOUR).isoformat()
            body = {"owner": "service", "due_at": due}
            await self.scene.do("bo", f"/promises/{promise['id']}", body, method="PATCH")
        await self.scene.do("bo", f"{statement}/submit")
        for name, capacity in (("anna", "lead"), ("ting", "lead"), ("du", "legal")):
            await self.scene.do(name, f"{statement}/approve", {"as": capacity})
        await self.scene.do("bo", f"{statement}/publish", {"place": "官方微博"})
        self.promises = [item["id"] for item in made["ledger"]]

    async def _costs(self) -> None:
        """Hours of PR instead of the estimate, what is paid, and a loss in another currency."""
        rate = {"rate": "7.1234", "origin": "中国外汇交易中心"}
        await self.scene.do("du", "/risks/rates/USD/2026-03-08", rate, method="PUT")
        path = f"/handling/incidents/{self.ids[REFUNDS]}/cost"
        for entry in (
            {"kind": "hours", "role": "pr", "hours": "2.5"},
            {"kind": "compensation", "promise": self.promises[0], "amount": "20000"},
            {"kind": "loss", "amount": "1000", "currency": "USD", "note": "渠道罚款"},
            {"kind": "loss", "amount": "77", "currency": "CNY"},
        ):
            made = await self.scene.do("anna", path, entry)
        wrong = made["entries"][-1]["id"]
        await self.scene.do("anna", f"{path}/{wrong}/withdraw", {"reason": "记重了"})

    async def _complaints(self) -> None:
        """Six people; the last one hears nothing."""
        now = self.scene.clock.now()
        texts = [f"澄屿优惠券用不了，第{number}次申请退款被秒拒" for number in range(6)]
        pushed = [parse_post(line) for line in wire_posts(texts, at=now)]
        report = await self.scene.container.ingest.ingest(pushed, via="test")
        posts = list(report.changes)
        began = self.scene.clock.now()
        ratings = [(5, 10), (4, 9), (2, 3), (5, 8), (4, 7), None]
        for post, answered, rating in zip(posts, (10, 5, 20, 14, 12, None), ratings, strict=True):
            made = await self.scene.do(
                "bo", "/complaints", {"post": post, "cause": "refund_refused"}
            )
            if answered is not None and rating is not None:
                path = f"/complaints/{made['id']}"
                for minutes, deed in (
                    (answered, "answer"),
                    (60, "respond"),
                    (90, "resolve"),
                    (95, "tell"),
                ):
                    self.timetable.at(began + minutes * MINUTE, self._says(path, deed))
                self.timetable.at(began + 100 * MINUTE, self._rates(path, *rating))

    def _says(self, path: str, deed: str) -> Deed:
        async def say() -> None:
            said = {"channel": "weibo", "text": "您好，差价已退回"}
            await self.scene.do("bo", f"{path}/said/{deed}", said)

        return say

    def _rates(self, path: str, csat: int, nps: int) -> Deed:
        async def rate() -> None:
            await self.scene.do("bo", f"{path}/rating", {"csat": csat, "nps": nps})

        return rate
