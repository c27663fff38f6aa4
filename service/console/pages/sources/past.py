"""What a source published in the past: asked for, followed while it is read, stopped."""

from __future__ import annotations

from datetime import timedelta

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, keep_fresh
from service.console.format import short_time
from service.console.forms import Form, Stored, Values
from service.console.session import Visit
from service.console.theme import button, plain, put
from service.errors import InvalidInput, NotFound
from service.ingest.past import PastRead, PastState
from service.monitors import SourceConfig

_USUAL = timedelta(days=7)


async def draw_past(visit: Visit, board: Board, item: SourceConfig) -> None:
    """The panel: how far the last one has come, and the form for another."""
    words = visit.words
    may_edit = visit.may(Action.EDIT, Resource.SOURCE)
    past = board.container.source_backfill
    with ui.element("section").classes("panel stack"):
        plain(words("sources.past.title"), "h2")
        plain(words("sources.past.hint"), "p", "soft small")
        place = ui.element("div").classes("stack")
        drawn: list[PastRead | None] = []

        async def look() -> None:
            try:
                known: PastRead | None = await past.progress(item.id)
            except NotFound:
                known = None
            if drawn and drawn[-1] == known:
                return
            drawn.append(known)
            place.clear()
            with place:
                _draw_progress(visit, known)
                if known is not None and known.state is PastState.RUNNING and may_edit:
                    button(words("sources.past.stop"), stop, "act-small", key="past-stop")

        async def stop() -> None:
            async def deed(principal: Principal) -> None:
                await past.stop(principal, item.id)

            await attempt(visit, deed)
            await look()

        async def save(principal: Principal, values: Values) -> None:
            since = values.instant("since")
            if since is None:
                said = words("form.required")
                raise InvalidInput(said, errors=[("since", said)])
            until = values.instant("until")
            await past.begin(principal, item.id, since=since, until=until)

        await look()
        keep_fresh(visit, 1.0, look)
        if may_edit:
            with ui.element("details"):
                plain(words("sources.past.ask"), "summary")
                start = Stored(values={"since": visit.now() - _USUAL})
                form = Form(visit, f"past-{item.id}", stored=start, save=save)
                form.said, form.after = words("sources.past.begun"), look
                with form:
                    form.instant("since", words("sources.past.since"), required=True)
                    form.instant("until", words("sources.past.until"))
                    form.submit(words("sources.past.begin"))


def _draw_progress(visit: Visit, known: PastRead | None) -> None:
    words = visit.words
    if known is None:
        plain(words("sources.past.none"), "p", "soft")
        return
    since, until = (short_time(at, visit.zone) for at in (known.since, known.until))
    state = words.choice("sources.past.state", known.state.value)
    plain(words("sources.past.span", state=state, since=since, until=until), "p", "strong")
    told = words(
        "sources.past.told",
        share=f"{100 * known.share:.0f}",
        pages=f"{known.pages:,}",
        posts=f"{known.posts:,}",
        stored=f"{known.stored:,}",
    )
    put(plain(told, "p", "small"), role="status")
    bar = put(ui.element("progress"), aria_label=words("sources.past.title"))
    put(bar.classes("progress"), value=f"{known.share:.3f}", max="1")
    if known.reason:
        plain(known.reason, "p", "small foreign")
