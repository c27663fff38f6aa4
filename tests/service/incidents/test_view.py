"""How an incident looks from outside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from service.incidents import format_instant, incident_view
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
