"""What a ticket is made of: the words of an improvement or of a needs report, masked."""

from __future__ import annotations

from datetime import tzinfo
from urllib.parse import urlencode

from nlp.pii import masked
from service.delivery.channels import escaping
from service.delivery.channels.cutting import cut
from service.delivery.channels.template import Markup, escape_of
from service.delivery.render import instant_text
from service.indicators.needs import Need, NeedsReport
from service.indicators.window import Window
from service.reviews import Improvement

TITLE_LIMIT = 200
TEXT_LIMIT = 8_000
MOST_NEEDS = 20
_VERBATIM = frozenset({"due", "handover", "key"})
_KINDS = {"complaint": "投诉", "question": "咨询", "suggestion": "建议"}


def item_fields(item: Improvement, *, public_url: str, zone: tzinfo) -> dict[str, str]:
    """Of an improvement; the day it is due is that of `zone`."""
    return {
        "title": masked(item.title)[:TITLE_LIMIT],
        "text": cut(masked(item.description), TEXT_LIMIT),
        "kind": item.kind.value,
        "department": item.department_id,
        "owner": item.owner or "",
        "due": item.due_at.astimezone(zone).date().isoformat(),
        "link": f"{public_url}/console/incidents/{item.incident_id}",
    }


def needs_fields(
    report: NeedsReport, monitor_id: str, window: Window, *, public_url: str, zone: tzinfo
) -> dict[str, str]:
    """Of a needs report: its ranking, each with how many people ask. No quotes: who wants to read
    posts follows the link and is asked who they are.
    """
    days = [at.astimezone(zone).date().isoformat() for at in (window.since, window.until)]
    span = " ~ ".join(days)
    asked = urlencode(
        {
            "monitor": monitor_id,
            "since": instant_text(window.since),
            "until": instant_text(window.until),
        }
    )
    ranked = [_need(place, need) for place, need in enumerate(report.items[:MOST_NEEDS], start=1)]
    return {
        "title": f"需求报告 needs {monitor_id} {span}"[:TITLE_LIMIT],
        "text": cut("\n".join(ranked), TEXT_LIMIT),
        "kind": "needs",
        "department": "",
        "owner": "",
        "due": "",
        "link": f"{public_url}/v1/indicators/needs?{asked}",
    }


def safe(fields: dict[str, str], markup: Markup) -> dict[str, str]:
    """The words harmless in what the tracker makes of texts, line by line."""
    escape = escape_of(markup)
    found = {}
    for name, words in fields.items():
        if name == "link":
            found[name] = escaping.address(words)
        elif name in _VERBATIM:
            found[name] = words
        else:
            found[name] = "\n".join(escape(line) for line in words.splitlines())
    return found


def _need(place: int, need: Need) -> str:
    cause = "未说明原因 no cause" if need.cause is None else f"{need.cause.zh} {need.cause.en}"
    kind = f"{_KINDS[need.kind.value]} {need.kind.value}"
    return f"{place}. {kind}：{cause}，{need.authors} 人 people，{need.posts} 条 posts"
