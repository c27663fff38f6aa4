"""One complaint from its post to the rating, its cause from review to tracker, and again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.auth import Role
from tests.support.providers.tracker import SECRET, TOKEN, JiraLike
from tests.support.red_scene import RedScene, red_scene, wire_posts
from tests.support.webhook_receiver import WebhookReceiver, webhook_receiver

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""
POST = "孩子喝了青柚的气泡水上吐下泻，送医院洗胃，客服拒绝退款，态度恶劣，我要投诉"
PEOPLE = {
    "rui": (Role.RESPONDER,),
    "lin": (Role.LEAD,),
    "mei": (Role.LEAD,),
    "an": (Role.ADMIN, Role.ANALYST),
}
WHYS = [
    ("为什么孩子会不舒服？", "一批气泡水灌装时被清洗剂污染"),
    ("为什么会被污染？", "换产后管道没有冲洗到位"),
    ("为什么没有冲洗到位？", "冲洗时间靠班组口头交接"),
    ("为什么靠口头交接？", "规程没有写换产一步"),
    ("为什么规程没有写？", "新增品类时没有做规程评审"),
]
pytestmark = pytest.mark.timeout(480)


async def test_a_complaint_its_cause_and_its_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        webhook_receiver() as receiver,
        red_scene(
            tmp_path / "data",
            start=START,
            deliver=True,
            FENGSUI_COMPLAINT_WATCHING="always",
            **tracker_settings(tmp_path, receiver, monkeypatch),
        ) as scene,
    ):
        receiver.judge = jira = JiraLike(now=scene.clock.now)
        await the_house_is_set_up(scene)
        incident, complaint = await a_post_is_both(scene)
        await the_person_is_answered_told_and_asked(scene, complaint)
        review = await the_crisis_ends_and_its_review_begins(scene, incident)
        improvement = await the_cause_becomes_an_improvement(scene, review)
        await it_goes_to_the_tracker_and_comes_back(scene, jira, improvement)
        await it_is_done_and_the_review_closes(scene, review, improvement)
        await it_happens_again(scene, incident)


async def the_house_is_set_up(scene: RedScene) -> None:
    for name, roles in PEOPLE.items():
        await scene.hire(name, *roles)
    await scene.do("an", "/brands/qingyou", {"name": "青柚"}, method="PUT")
    monitor = {"name": "青柚全网", "query": "青柚", "brand": "qingyou"}
    await scene.do("an", "/monitors/qingyou", monitor, method="PUT")
    await scene.do("an", "/channels/wall", {"kind": "recording", "name": "大屏"}, method="PUT")
    quality = {"name": "质量部", "lead": scene.id_of("mei")}
    await scene.do("lin", "/departments/quality", quality, method="PUT")


async def a_post_is_both(scene: RedScene) -> tuple[str, str]:
    """A crisis, and somebody who has a right to an answer."""
    await push(scene)
    await scene.pass_time(minutes=3)
    (incident,) = (await scene.get("rui", "/incidents"))["items"]
    assert incident["scenario"] == "safety_incident"
    (ticket,) = (await scene.get("rui", "/complaints"))["items"]
    assert (ticket["state"], ticket["monitor"]) == ("open", "qingyou")
    if ticket["incident"] is None:  # the ticket was there before the crisis
        path = f"/complaints/{ticket['id']}/incident"
        ticket = await scene.do("rui", path, {"incident": incident["id"]})
    assert ticket["incident"] == incident["id"]
    return str(incident["id"]), str(ticket["id"])


async def the_person_is_answered_told_and_asked(scene: RedScene, complaint: str) -> None:
    """The first answer comes too late, which is told; the others come in time."""
    path = f"/complaints/{complaint}"
    await scene.pass_time(minutes=13)
    assert [kind for kind in scene.paged("wall", START) if kind.startswith("complaint")] == [
        "complaint.due_soon",
        "complaint.due",
    ]
    drafted = await scene.do("rui", f"{path}/draft", {"template": "complaint.answer"})
    assert drafted["text"]

    for minutes, deed in ((1, "answer"), (90, "respond"), (600, "resolve"), (10, "tell")):
        await scene.pass_time(minutes=minutes)
        said = {"channel": "weibo", "text": "您好，我们陪您就医，费用由我们承担。"}
        await scene.do("rui", f"{path}/said/{deed}", said)
    rated = await scene.do("rui", f"{path}/rating", {"csat": 4, "nps": 7})

    assert (rated["state"], rated["csat"], rated["breaches"]) == ("rated", 4, 1)
    figures = await scene.get("lin", "/complaints/report", monitor="qingyou")
    assert {name: (it["in_time"], it["due"]) for name, it in figures["clocks"].items()} == {
        "answer": (0, 1),
        "response": (1, 1),
        "resolution": (1, 1),
    }


async def the_crisis_ends_and_its_review_begins(scene: RedScene, incident: str) -> str:
    for deed, name in (("acknowledge", "rui"), ("resolve", "rui"), ("close", "lin")):
        await scene.do(name, f"/incidents/{incident}/{deed}")
    (review,) = (await scene.get("lin", "/reviews", incident=incident))["items"]
    assert review["state"] == "open"
    return str(review["id"])


async def the_cause_becomes_an_improvement(scene: RedScene, review: str) -> str:
    path = f"/reviews/{review}"
    await scene.do("rui", path, form(), method="PUT")
    await scene.do("lin", f"{path}/departments/quality", method="PUT")
    status, why = await scene.refused("lin", f"{path}/close")
    assert (status, "quality: file a proposal" in why) == (409, True)
    proposal = {
        "title": "换产冲洗写进规程并上传感器",
        "department": "quality",
        "kind": "user",
        "owner": scene.id_of("rui"),
        "due_at": "2026-04-01T02:00:00Z",
        "impact": 5,
        "urgency": 4,
        "effort": 2,
    }
    made = await scene.do("mei", f"{path}/improvements", proposal)
    assert (made["state"], made["rank"]) == ("proposed", 10.0)
    accepted = await scene.do("mei", f"/improvements/{made['id']}/state", {"state": "accepted"})
    assert accepted["state"] == "accepted"
    return str(made["id"])


async def it_goes_to_the_tracker_and_comes_back(
    scene: RedScene, jira: JiraLike, improvement: str
) -> None:
    """What is pressed there is heard here, once, by a signed webhook."""
    handed = await scene.do("lin", f"/improvements/{improvement}/handover", {"tracker": "ops"})
    await scene.pass_time(seconds=5)
    there = await scene.get("lin", f"/handovers/{handed['id']}")
    assert (there["state"], there["key"]) == ("open", "OPS-1")

    await scene.pass_time(days=3)
    done = jira.press("OPS-1", "Done")
    heard = [
        await scene.hear("/hooks/trackers/ops", done.body, done.headers) for _ in ("once", "again")
    ]

    assert heard[0]["heard"] == "news"
    assert heard[1]["heard"] != "news"
    item = await scene.get("lin", f"/improvements/{improvement}")
    assert (item["state"], item["done_by"]) == ("done", "tracker:ops")
    there = await scene.get("lin", f"/handovers/{handed['id']}")
    assert (there["state"], there["standing"]) == ("closed", "done")


async def it_is_done_and_the_review_closes(scene: RedScene, review: str, improvement: str) -> None:
    """Who owns it does not verify it; the department has points for both."""
    path = f"/improvements/{improvement}"
    verified = await scene.do("lin", f"{path}/state", {"state": "verified"})
    assert verified["state"] == "verified"
    closed = await scene.do("lin", f"/reviews/{review}/close")
    assert (closed["state"], closed["lacks"]) == ("closed", [])
    rows = (await scene.get("lin", "/departments/quality/points"))["items"]
    assert {row["reason"] for row in rows} == {"on_time_proposal", "verified_improvement"}


async def it_happens_again(scene: RedScene, first: str) -> None:
    """Linked when it opens; confirmed when its review finds the same cause."""
    await scene.pass_time(days=30)
    await push(scene)
    await scene.pass_time(minutes=3)
    found = (await scene.get("rui", "/incidents", sort="newest"))["items"]
    (second,) = [item["id"] for item in found if item["id"] != first]
    (linked,) = (await scene.get("lin", "/recurrences"))["items"]
    assert (linked["incident"]["id"], linked["of"]["id"]) == (second, first)
    assert linked["state"] == "proposed"

    review = await the_crisis_ends_and_its_review_begins(scene, second)
    await scene.do("rui", f"/reviews/{review}", form(), method="PUT")
    quality = f"/reviews/{review}/departments/quality"
    await scene.do("lin", quality, method="PUT")
    await scene.do("lin", f"{quality}/excuse", {"reason": "同一项改进，已在整改"})
    await scene.do("lin", f"/reviews/{review}/close")

    found = await scene.get("lin", "/recurrences")
    assert [item["state"] for item in found["items"]] == ["confirmed"]
    assert (found["recurrences"], found["crises"], found["target"]) == (1, 2, 0.08)


def tracker_settings(
    folder: Path, receiver: WebhookReceiver, environ: pytest.MonkeyPatch
) -> dict[str, str]:
    """One tracker on loopback, shaped like Jira; its secrets stand in the environment alone."""
    environ.setenv("OPS_TOKEN", TOKEN)
    environ.setenv("OPS_SECRET", SECRET)
    trackers = folder / "trackers"
    trackers.mkdir()
    (trackers / "ops.yaml").write_text(
        f"tracker: ops\nshape: jira\naddress: {receiver.url('')}\n"
        "token_env: OPS_TOKEN\nsecret_env: OPS_SECRET\n",
        encoding="utf-8",
    )
    return {
        "FENGSUI_TRACKERS_DIR": str(trackers),
        "FENGSUI_WEBHOOK_ALLOW_NETWORKS": "127.0.0.0/8",
    }


def form() -> dict[str, Any]:
    whys = [{"question": question, "answer": answer, "evidence": []} for question, answer in WHYS]
    whys[0]["evidence"] = [{"kind": "url", "ref": "https://wiki.example/cleaning"}]
    return {
        "whys": whys,
        "root_cause": "新增品类没有规程评审",
        "cause_class": "inspection",
    }


async def push(scene: RedScene) -> None:
    posts = wire_posts([POST], at=scene.clock.now())
    await scene.do("an", "/posts", {"posts": posts})
