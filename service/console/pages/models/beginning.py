"""An evaluation begun: a model's folder, rows of the lexicon, or rules, beside what serves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from nicegui import ui

from nlp.encoder.manifest import MANIFEST
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import go
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.models import place
from service.console.session import Visit
from service.console.theme import link
from service.errors import InvalidInput
from service.learning import (
    Candidate,
    Kind,
    Span,
    Split,
    encoder_candidate,
    lexicon_candidate,
    written_candidate,
)
from service.rules import written_rules

FOLDER = "models"
"""Among the data: where candidates lie that may be chosen on this page."""
_DAYS = 7
_LONGEST = 400_000


def register(board: Board) -> None:
    """The page `/new-evaluation`."""
    container = board.container

    @console_page(board, place.PLACE, "/new-evaluation")
    async def begin(visit: Visit) -> None:
        principal = await visit.principal()
        principal.require(Action.RUN, Resource.MODEL)
        words = visit.words
        known = await container.learning.evaluator.recent(principal, limit=100)
        places = [item.place for item in known if item.kind is Kind.ENCODER]
        room = container.settings.data_dir / FOLDER
        folders = await asyncio.to_thread(_folders, room, places)
        begun: list[str] = []

        async def save(principal: Principal, values: Values) -> None:
            candidate = await asyncio.to_thread(_candidate, visit, values, folders)
            trial = container.learning.trials.begin(
                principal, candidate, split=_split(values), span=_span(visit, values)
            )
            begun.append(trial.id)

        async def follow() -> None:
            go(visit, place.trial_address(begun[-1]), said=words("models.evaluate.begun"))

        hint = words("models.evaluate.hint")
        with heading(visit, words("models.evaluate.title"), hint=hint):
            link(place.LIST, words("models.back"), "act")
        since = visit.now() - timedelta(days=_DAYS)
        stored = Stored(values={"since": since, "kind": Kind.LEXICON.value})
        with ui.element("section").classes("panel"):
            form = Form(visit, "evaluation-new", stored=stored, save=save)
        form.after = follow
        with form:
            kinds = {item.value: words.choice("models.kinds", item.value) for item in Kind}
            form.choice("kind", words("models.kind"), kinds)
            form.choice(
                "folder",
                words("models.evaluate.folder"),
                {str(folder): folder.name for folder in folders},
                hint=words("models.evaluate.folder_hint", room=str(room)),
                required=False,
            )
            form.text(
                "name", words("models.evaluate.name"), hint=words("models.evaluate.name_hint")
            )
            form.long_text(
                "content",
                words("models.evaluate.content"),
                hint=words("models.evaluate.content_hint"),
                longest=_LONGEST,
                rows=10,
            )
            splits = {item.value: words.choice("models.splits", item.value) for item in Split}
            hint = words("models.evaluate.split_hint")
            form.choice("split", words("models.evaluate.split"), splits, hint=hint, required=False)
            form.yes("posts", words("models.evaluate.posts"), hint=words("models.evaluate.core"))
            form.instant("since", words("models.evaluate.since"))
            form.instant("until", words("models.evaluate.until"))
            monitors = await board.monitor_names()
            form.choice("monitor", words("models.evaluate.monitor"), monitors, required=False)
            form.submit(words("models.evaluate.go"))


def _folders(room: Path, known: Iterable[str]) -> tuple[Path, ...]:
    """Folders of models in the room for candidates, and those that were evaluated before."""
    inside = sorted(room.iterdir()) if room.is_dir() else []
    found = [item.resolve() for item in (*inside, *map(Path, known))]
    return tuple(item for item in dict.fromkeys(found) if (item / MANIFEST).is_file())


def _candidate(visit: Visit, values: Values, folders: tuple[Path, ...]) -> Candidate:
    """What was chosen. Raises InvalidInput, ModelMissing, BadModel."""
    words, kind = visit.words, Kind(values.text("kind"))
    if kind is Kind.ENCODER:
        chosen = next((item for item in folders if str(item) == values.text("folder")), None)
        if chosen is None:
            said = words("models.evaluate.no_folder")
            raise InvalidInput(said, errors=[("folder", said)])
        return encoder_candidate(chosen)
    text, name = values.as_typed("content"), values.text("name") or "console"
    if not text.strip():
        said = words("form.required")
        raise InvalidInput(said, errors=[("content", said)])
    file = Path(Path(name).name or "console")
    try:
        if kind is Kind.LEXICON:
            made = lexicon_candidate(text.encode("utf-8", "replace"), file=file)
        else:
            made = written_candidate(written_rules(text, file="content"), path=file)
    except InvalidInput as error:
        told = [("content", f"{path}: {message}") for path, message in error.errors]
        raise InvalidInput(error.detail, errors=told) from error
    # It lies in no folder: its content is kept with the evaluation.
    return replace(made, place=f"console: {file.name}")


def _split(values: Values) -> Split | None:
    chosen = values.optional("split")
    return None if chosen is None else Split(chosen)


def _span(visit: Visit, values: Values) -> Span | None:
    if not values.yes("posts"):
        return None
    since, until = values.instant("since"), values.instant("until")
    if since is not None and until is not None and since >= until:
        said = visit.words("drills.begin.no_span")
        raise InvalidInput(said, errors=[("until", said)])
    monitor = values.optional("monitor")
    return Span(since=since, until=until, monitor=monitor, asked=monitor is not None)
