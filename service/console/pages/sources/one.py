"""One source: its settings, how it is seen, a trial, its past; paused and let go on."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from crawlers import kinds
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.dialogs import Question
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.pages.sources.fields import (
    at_secrets,
    draw_about,
    draw_fields,
    known_settings,
    read_source,
    stored_source,
)
from service.console.pages.sources.past import draw_past
from service.console.pages.sources.place import PLACE, address_of
from service.console.pages.sources.standing import draw_hook, draw_standing
from service.console.pages.sources.trial import draw_trial
from service.console.session import BASE, Visit
from service.console.theme import button, plain
from service.errors import InvalidInput
from service.monitors import SourceConfig

PUSHED = frozenset({"webhook", "stdin"})
"""Kinds that nobody pulls."""


def register_one(board: Board) -> None:
    """The page of each source."""
    container = board.container

    @console_page(board, PLACE, "/sources/{source_id}")
    async def one(visit: Visit, source_id: str) -> None:
        words = visit.words
        item = await container.sources.get(source_id)
        settings = known_settings(item.kind)

        async def read(_principal: Principal) -> Stored:
            return stored_source(await container.sources.get(source_id), settings)

        async def save(principal: Principal, values: Values) -> None:
            before = await container.sources.get(source_id)
            draft = read_source(source_id, before.kind, settings, values, words, before=before)
            try:
                await container.sources.put(principal, draft, version=values.version)
            except InvalidInput as error:
                raise at_secrets(error, settings) from error

        kind = words.choice("sources.kinds", item.kind)
        actions = heading(visit, item.name, hint=f"{kind} · {item.id}")
        with actions:
            state = words.choice("sources.states", "on" if item.enabled else "paused")
            plain(state, classes="state" if item.enabled else "state soon")
            if visit.may(Action.EDIT, Resource.SOURCE):
                key = "sources.pause" if item.enabled else "sources.resume"
                button(words(key), partial(_switch, visit, board, item), key="switch")
            if visit.may(Action.DELETE, Resource.SOURCE):
                remove = partial(_delete, visit, board, item)
                button(words("sources.delete"), remove, "act-grave", key="delete")
        with ui.element("div").classes("columns"):
            with ui.element("section").classes("panel stack column"):
                if item.kind in kinds():
                    draw_about(words, kinds()[item.kind])
                else:
                    plain(words("sources.kind_gone", kind=item.kind), "p", "problem")
                stored = stored_source(item, settings)
                form = Form(visit, f"source-{source_id}", stored=stored, save=save, reread=read)
                form.said, form.after = words("sources.saved"), address_of(source_id)
                with form:
                    draw_fields(form, words, settings, item=item)
                    if visit.may(Action.EDIT, Resource.SOURCE):
                        form.submit(words("sources.save"))
            with ui.element("div").classes("stack column"):
                draw_standing(visit, board, item)
                draw_hook(visit, board, item)
                if item.kind not in PUSHED:
                    draw_trial(visit, board, item)
                    await draw_past(visit, board, item)


async def _switch(visit: Visit, board: Board, item: SourceConfig) -> None:
    words = visit.words
    question = None
    if item.enabled:
        question = Question(
            title=words("sources.pause_title", name=item.name),
            hint=words("sources.pause_hint"),
            confirm=words("sources.pause"),
            grave=True,
        )

    async def deed(principal: Principal) -> None:
        await board.container.sources.switch(
            principal, item.id, enabled=not item.enabled, version=item.version
        )

    said = words("sources.paused" if item.enabled else "sources.resumed")
    await settle(visit, deed, question=question, leads_to=address_of(item.id), said=said)


async def _delete(visit: Visit, board: Board, item: SourceConfig) -> None:
    words = visit.words

    async def deed(principal: Principal) -> None:
        await board.container.sources.delete(principal, item.id, version=item.version)

    question = Question(
        title=words("sources.delete_title", name=item.name),
        hint=words("sources.delete_hint"),
        confirm=words("sources.delete"),
        grave=True,
    )
    said = words("sources.deleted", name=item.name)
    await settle(visit, deed, question=question, leads_to=f"{BASE}/sources", said=said)
