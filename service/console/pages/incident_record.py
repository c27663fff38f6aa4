"""The side of the incident page: why this tier, what happened, what was sent, what people say."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from service.auth import Action as Permission
from service.auth import Principal
from service.console.format import clock_time, short_time
from service.console.pages.incident_explanation import draw_explanation
from service.console.pages.incident_sheet import IncidentSheet
from service.console.reasons import ReasonGroup, reason_groups
from service.console.telling import QUIET, Telling
from service.console.theme import button, plain, put, tier_badge
from service.delivery import Delivery, DeliveryState
from service.incidents.model import TimelineEntry

_RECENT = 12
_RECENT_PAGES = 8


def draw_tier(page: IncidentSheet) -> None:
    """Why this tier, then every tier there was."""
    words, library = page.words, page.board.container.rules.directory.library
    incident = page.dossier.incident
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words("tier.why"), "h2")
            tier_badge(words, page.tiers, incident.tier)
        groups = reason_groups(incident.reasons, words=words, library=library)
        if not groups:
            plain(words("tier.no_reasons"), classes="soft")
        for group in groups:
            _draw_reasons(page, group)
        draw_explanation(page)
        with ui.element("details").classes("more"):
            changes = page.dossier.file.tiers
            plain(words("tier.history", count=len(changes)), "summary", "small")
            for change in reversed(changes):
                with ui.element("div").classes("past"):
                    with ui.element("div").classes("line small"):
                        tier_badge(words, page.tiers, change.tier)
                        plain(short_time(change.at, page.zone), classes="soft")
                        plain(page.name_of(change.actor), classes="soft")
                    for group in reason_groups(change.reasons, words=words, library=library):
                        for line in group.lines:
                            said = " ".join(
                                part for part in (line.what, line.asked, f"→ {line.seen}") if part
                            )
                            plain(said, "div", "small soft")


def _draw_reasons(page: IncidentSheet, group: ReasonGroup) -> None:
    words = page.words
    with ui.element("div").classes("stack reasons"):
        if group.rule:
            plain(group.rule, "h3", "strong")
        if group.why:
            plain(group.why, "p", "soft small")
        with ui.element("table").classes("figures"):
            with ui.element("thead"), ui.element("tr"):
                for label in ("tier.what", "tier.seen", "tier.asked"):
                    plain(words(label), "th").props('scope="col"')
            with ui.element("tbody"):
                for line in group.lines:
                    with ui.element("tr"):
                        plain(line.what, "td")
                        plain(line.seen, "td", "strong")
                        plain(line.asked, "td", "soft")


def draw_comment_box(page: IncidentSheet) -> None:
    """A box to write in, which a live update never empties."""
    words = page.words
    plain(words("timeline.title"), "h2")
    if not page.may(Permission.WORK):
        return
    box = ui.textarea(placeholder=words("comment.placeholder"))
    box.props("outlined dense autogrow maxlength=10000 rows=1").classes("comment")
    put(box, aria_label=words("comment.placeholder"))

    async def send() -> None:
        text = str(box.value or "")
        if not text.strip():
            return

        async def deed(principal: Principal) -> None:
            await page.board.container.desk.comment(principal, page.incident_id, text)

        # Emptied first: a second, hasty click finds nothing to send.
        box.value = ""
        if not await page.act(deed):
            box.value = text

    with ui.element("div").classes("line answers"):
        button(words("comment.send"), send, "act-small", key="comment")


def draw_timeline(page: IncidentSheet) -> None:
    """What happened, newest first; the older part is folded."""
    library = page.board.container.library
    telling = Telling(
        page.words,
        run=page.dossier.run,
        tiers={tier.id: page.words.of(tier.name) for tier in library.tiers.tiers},
        scenarios=page.scenarios,
    )
    entries = [entry for entry in reversed(page.dossier.file.timeline) if entry.kind not in QUIET]
    with ui.element("ol").classes("timeline"):
        for entry in entries[:_RECENT]:
            _draw_entry(page, telling, entry)
    if len(entries) > _RECENT:
        with ui.element("details").classes("more"):
            left = len(entries) - _RECENT
            plain(page.words("timeline.more", count=left), "summary", "small")
            with ui.element("ol").classes("timeline"):
                for entry in entries[_RECENT:]:
                    _draw_entry(page, telling, entry)


def _draw_entry(page: IncidentSheet, telling: Telling, entry: TimelineEntry) -> None:
    with ui.element("li"):
        with ui.element("div").classes("line"):
            plain(telling.heading(entry), classes=f"strong told-{entry.kind}")
            plain(clock_time(entry.at, page.zone), classes="soft small nowrap")
            plain(page.name_of(entry.actor), classes="soft small")
        detail = telling.detail(entry)
        if detail:
            plain(detail, "div", "foreign")


def draw_pages(page: IncidentSheet) -> None:
    """The latest messages to people, and what became of each."""
    words, dossier = page.words, page.dossier
    with ui.element("section").classes("panel stack"):
        plain(words("pages.title"), "h2")
        if not dossier.deliveries:
            plain(words("pages.none"), classes="soft")
            return
        dead = [item for item in dossier.deliveries if item.state is DeliveryState.DEAD]
        if dead:
            plain(words("pages.dead", count=len(dead)), "p", "problem").props('role="alert"')
        _draw_deliveries(page, dossier.deliveries[:_RECENT_PAGES])
        older = dossier.deliveries[_RECENT_PAGES:]
        if older:
            with ui.element("details").classes("more"):
                plain(words("pages.more", count=len(older)), "summary", "small")
                _draw_deliveries(page, older)


def _draw_deliveries(page: IncidentSheet, deliveries: Sequence[Delivery]) -> None:
    words = page.words
    with ui.element("table").classes("figures"):
        with ui.element("thead"), ui.element("tr"):
            for label in ("pages.what", "pages.channel", "pages.state"):
                plain(words(label), "th").props('scope="col"')
        with ui.element("tbody"):
            for item in deliveries:
                _draw_delivery(page, item)


def _draw_delivery(page: IncidentSheet, item: Delivery) -> None:
    words = page.words
    with ui.element("tr"):
        with ui.element("td"):
            plain(words.choice("event", item.type.value))
            plain(short_time(item.occurred_at, page.zone), "div", "soft small nowrap")
        plain(page.dossier.channels.get(item.channel_id, item.channel_id), "td")
        with ui.element("td"):
            fine = item.state in {DeliveryState.SENT, DeliveryState.WITHDRAWN}
            state = words.choice("delivery", item.state.value)
            plain(state, classes="" if fine else "late strong")
            if item.state is not DeliveryState.SENT:
                tried = words("pages.attempts", count=item.attempts)
                plain(f"{tried} · {item.reason}" if item.reason else tried, "div", "soft small")
