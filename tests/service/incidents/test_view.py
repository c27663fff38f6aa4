"""How an incident looks from outside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from service.incidents import Kind, format_instant, incident_view
from service.incidents.view import told_details, told_view
from tests.support.incident_scene import IncidentScene


def test_instants_are_utc_with_milliseconds() -> None:
    shanghai = timezone(timedelta(hours=8))
    instant = datetime(2026, 3, 2, 12, 0, 1, 999_999, tzinfo=shanghai)
    assert format_instant(instant) == "2026-03-02T04:00:01.999Z"
    assert format_instant(datetime(2026, 3, 2, tzinfo=UTC)) == "2026-03-02T00:00:00.000Z"


def test_no_instant_is_none() -> None:
    assert format_instant(None) is None


async def test_the_view_links_to_its_page_and_carries_no_text_of_a_post(
    local: IncidentScene,
) -> None:
    incident = await local.open()
    view = incident_view(incident, public_url="https://fengsui.example/")
    assert view["url"] == f"https://fengsui.example/console/incidents/{incident.id}"
    assert view["opened_at"] == "2024-03-01T02:00:00.000Z"
    assert (view["monitor"], view["scenario"], view["tier"]) == ("tea", "product_quality", "yellow")
    assert "杯子漏水" not in str(view)


SAID = {"from": "new", "to": "merged", "reason": "r", "reasons": [], "note": "n", "text": "t"}


async def test_of_a_crisis_the_outside_is_told_why(local: IncidentScene) -> None:
    incident = await local.open()
    url = "https://fengsui.example"
    assert told_view(incident, public_url=url) == incident_view(incident, public_url=url)
    assert told_details(incident, SAID) == SAID


async def test_of_a_private_one_the_outside_hears_nothing_that_was_said(
    local: IncidentScene,
) -> None:
    incident = await local.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="per_1")
    told = told_view(incident, public_url="https://fengsui.example")
    assert (told["reasons"], told["kind"]) == ([], "person_at_risk")
    assert told_details(incident, SAID) == {"from": "new", "to": "merged"}
    assert "per_1" not in str(told)
