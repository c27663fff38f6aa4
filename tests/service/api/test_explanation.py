from __future__ import annotations

from typing import Any

from service.api.explanation import explanation_view
from service.incidents.desk import IncidentFile
from service.incidents.lifecycle import State
from service.incidents.model import Evidence, Incident, Kind, TierChange
from tests.support.clock import START
from tests.support.incident_scene import evidence


def incident() -> Incident:
    return Incident(
        id="inc_1",
        kind=Kind.CRISIS,
        drill=False,
        monitor_id="tea",
        scenario="product_quality",
        title="青柚茶",
        tier="yellow",
        tier_rank=1,
        state=State.NEW,
        reasons=(),
        posts=3,
        first_post_id="post1",
        first_post_at=START,
        opened_at=START,
        last_post_at=START,
        previous_id=None,
        updated_at=START,
        version=1,
    )


def shown(explanation: dict[str, Any] | None, *frozen: Evidence) -> Any:
    change = TierChange(
        tier="yellow", at=START, actor="system", reasons=(), explanation=explanation
    )
    file = IncidentFile(incident=incident(), tiers=(change,), evidence=frozen, timeline=())
    return explanation_view(file)["tiers"][0]["explanation"]


def explained(**changes: Any) -> dict[str, Any]:
    first = {"post": "post1", "at": "2024-03-01T02:00:00.000Z"}
    return {"next": None, "first_post": first, "copies": None, "terms": None} | changes


def test_the_first_post_is_told_in_the_words_of_the_evidence() -> None:
    told = shown(explained(), evidence(2, at=START), evidence(1, at=START, text="盖子裂了"))
    assert told["first_post"]["snapshot"]["text"] == "盖子裂了"
    assert "hits" not in told["first_post"]["snapshot"]


def test_what_is_no_evidence_has_no_words() -> None:
    copies = {"posts": 9, "distinct": 2, "groups": [{"group": "group7", "posts": 8}]}
    told = shown(explained(copies=copies), evidence(2, at=START))
    assert told["first_post"]["snapshot"] is None
    assert told["copies"]["groups"] == [{"group": "group7", "posts": 8, "text": None}]
    assert copies["groups"] == [{"group": "group7", "posts": 8}]


def test_a_first_post_that_nobody_knows_stays_unknown() -> None:
    first = {"post": None, "at": "2024-03-01T02:00:00.000Z"}
    assert shown(explained(first_post=first))["first_post"] == {**first, "snapshot": None}


def test_a_group_is_told_by_its_first_frozen_post() -> None:
    copies = {"posts": 9, "distinct": 2, "groups": [{"group": "group2", "posts": 8}]}
    told = shown(explained(copies=copies), evidence(2, at=START, text="第二"))
    assert told["copies"]["groups"][0]["text"] == "第二"


def test_no_explanation_stays_none() -> None:
    assert shown(None) is None
