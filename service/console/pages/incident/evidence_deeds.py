"""What people do with a frozen post: mark it, correct how it was read, picture, reveal, verify."""

from __future__ import annotations

from functools import partial

from nicegui import events, ui

from service.auth import Principal
from service.console.deeds import attempt
from service.console.dialogs import Question
from service.console.pages.incident.sheet import IncidentSheet
from service.console.theme import button, plain
from service.evidence import MAX_BYTES
from service.incidents import Evidence


async def mark(page: IncidentSheet, item: Evidence) -> None:
    """Say that a post is about somebody else, which nothing takes back."""
    words = page.words
    label = words("evidence.not_about_us")
    reply = await page.ask(Question(title=label, hint=words("evidence.mark_hint"), confirm=label))
    if reply is None:
        return

    async def deed(principal: Principal) -> None:
        desk = page.board.container.desk
        await desk.mark_not_about_us(principal, page.incident_id, item.post_id)

    await page.act(deed, done=words("evidence.marked_done"))


async def reveal(page: IncidentSheet, item: Evidence) -> None:
    """Show text and author as they were, for a reason that is audited."""
    words = page.words
    reply = await page.ask(
        Question(
            title=words("evidence.reveal"),
            hint=words("evidence.reveal_hint"),
            confirm=words("evidence.reveal"),
            reason=words("dialog.reason"),
            reason_required=True,
        )
    )
    if reply is None:
        return

    async def deed(principal: Principal) -> None:
        found = await page.board.container.revealing.evidence(
            principal, page.incident_id, item.post_id, reason=reply.reason
        )
        lines = [found.source, found.native_id, found.title, found.text]
        if found.author is not None:
            lines += [found.author.id, found.author.name]
        shown.extend(line for line in lines if line)
        if not found.whole:
            shown.append(words("evidence.masked_only"))

    shown: list[str] = []
    if await attempt(page.visit, deed):
        await _show(page, words("evidence.revealed"), shown)


async def verify(page: IncidentSheet) -> None:
    """Compute every hash anew, and say what was found."""
    words = page.words

    async def deed(principal: Principal) -> None:
        found = await page.board.container.evidence.verify(principal, page.incident_id)
        if found.changed:
            names = [item.post_id for item in found.changed]
            lines.append(words("evidence.changed", count=len(names)))
            lines.extend(names)
        else:
            lines.append(words("evidence.intact", count=len(found.items)))

    lines: list[str] = []
    if await page.act(deed):
        await _show(page, words("evidence.verify"), lines)


async def _show(page: IncidentSheet, title: str, lines: list[str]) -> None:
    """Lines in a dialog, as text, until it is closed."""
    content = page.visit.client.content
    with content, ui.dialog() as dialog, ui.element("section").classes("panel ask"):
        plain(title, "h2")
        for line in lines:
            plain(line, "p", "foreign")
        with ui.element("div").classes("line answers"):
            button(page.words("dialog.close"), dialog.close, "act-main")
    await dialog
    dialog.delete()


async def add_screenshot(page: IncidentSheet, item: Evidence) -> None:
    """Keep a picture of the post beside it; the desk looks at its first bytes, not at its name."""
    words, visit = page.words, page.visit

    async def take(event: events.UploadEventArguments) -> None:
        content = await event.file.read()

        async def deed(principal: Principal) -> None:
            desk = page.board.container.evidence
            await desk.add_screenshot(principal, page.incident_id, item.post_id, content)

        dialog.close()
        await page.act(deed, done=words("evidence.shot"))

    with visit.client.content, ui.dialog() as dialog, ui.element("section").classes("panel ask"):
        plain(words("evidence.shoot"), "h2")
        plain(words("evidence.shoot_hint", megabytes=MAX_BYTES // 1_000_000), "p", "hint")
        upload = ui.upload(
            on_upload=take,
            on_rejected=partial(_too_large, page),
            max_file_size=MAX_BYTES,
            max_files=1,
            auto_upload=True,
            label=words("evidence.choose_file"),
        )
        upload.props('accept=".png,.jpg,.jpeg,.webp" flat bordered')
        with ui.element("div").classes("line answers"):
            button(words("dialog.cancel"), dialog.close)
    await dialog
    dialog.delete()


def _too_large(page: IncidentSheet) -> None:
    said = page.words("evidence.shoot_hint", megabytes=MAX_BYTES // 1_000_000)
    with page.visit.client:
        ui.notify(said, type="negative")
