"""What serves, what was compared with it, and every step from one to another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, go
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.page import console_page, heading
from service.console.pages.models import place
from service.console.panels import Cell, pairs, small_table
from service.console.session import BASE, Visit
from service.console.states import empty
from service.console.theme import button, link, plain
from service.learning import Evaluation, Kind, Switch, Trial

_MOST = 30


def register(board: Board) -> None:
    """The page `/models`."""
    learning = board.container.learning

    @console_page(board, place.PLACE)
    async def overview(visit: Visit) -> None:
        words = visit.words
        principal = await visit.principal()
        await board.container.lexicon.directory.refresh()
        await board.container.rules.directory.refresh()
        evaluations = await learning.evaluator.recent(principal, limit=_MOST)
        switches = await learning.switches.history(principal, limit=_MOST)
        trials = [item for item in learning.trials.every(principal) if item.is_running]
        await board.names.learn(*(item.author for item in evaluations))
        await board.names.learn(*(item.author for item in switches))
        await board.names.learn(*(item.by for item in trials))
        with heading(visit, words("models.title"), hint=words("models.hint")):
            if visit.may(Action.RUN, Resource.MODEL):
                link(place.EVALUATE, words("models.evaluate.title"), "act act-main")
        _draw_serving(board, visit)
        _draw_trials(board, visit, trials)
        with ui.element("section").classes("panel stack"):
            plain(words("models.evaluations"), "h2")
            _draw_evaluations(board, visit, evaluations)
        with ui.element("section").classes("panel stack"):
            plain(words("models.switches"), "h2")
            _draw_switches(board, visit, switches)


def _draw_serving(board: Board, visit: Visit) -> None:
    words, container = visit.words, board.container
    encoder, folder = container.learning.models.encoder, container.learning.models.place
    versions = [backend.version for backend in encoder.backends]
    with ui.element("section").classes("panel stack"):
        plain(words("models.serves"), "h2")
        if encoder.degraded:
            why = encoder.absent or words("models.by_settings")
            plain(f"▲ {words('models.degraded', why=why)}", "p", "soon foreign")
        if encoder.missing:
            named = words("list.comma").join(
                words.choice("models.heads", name) for name in encoder.missing
            )
            plain(f"▲ {words('models.missing', heads=named)}", "p", "soon")
        model = words("list.comma").join(versions) or "–"
        where = words("models.shipped") if folder is None else str(folder)
        pairs(
            (
                (words.choice("models.kinds", Kind.ENCODER.value), f"{model} · {where}"),
                (
                    words.choice("models.kinds", Kind.LEXICON.value),
                    partial(
                        link,
                        f"{BASE}/lexicon/versions",
                        words("lexicon.version", number=container.lexicon.directory.shelf.number),
                    ),
                ),
                (
                    words.choice("models.kinds", Kind.RULES.value),
                    partial(link, f"{BASE}/rules", container.rules.directory.library.version),
                ),
            )
        )


def _draw_trials(board: Board, visit: Visit, trials: Sequence[Trial]) -> None:
    words = visit.words
    for trial in trials:
        with ui.element("section").classes("panel line"):
            plain(place.state_of(words, trial.state), classes="state")
            link(place.trial_address(trial.id), trial.candidate.name, "strong foreign")
            plain(place.progress_of(words, trial), classes="soft")
            plain(board.names.of(trial.by), classes="soft foreign")


def _draw_evaluations(board: Board, visit: Visit, evaluations: Sequence[Evaluation]) -> None:
    words = visit.words
    if not evaluations:
        empty(words("models.no_evaluations"), words("models.no_evaluations_hint"))
        return
    rows: list[Sequence[Cell]] = [
        (
            partial(link, place.evaluation_address(item.id), item.name, "strong foreign"),
            words.choice("models.kinds", item.kind.value),
            words("models.mended_broken", **_counts(item)),
            words("models.rows", count=f"{item.set_rows:,}"),
            board.names.of(item.author),
            partial(moment, visit, item.at),
        )
        for item in evaluations
    ]
    names = ("candidate", "kind", "effect", "set", "who", "when")
    heads = [words(f"models.{name}") for name in names]
    small_table(heads, rows, caption=words("models.evaluations"))


def _counts(item: Evaluation) -> dict[str, int]:
    heads = item.result["heads"].values()
    return {name: sum(head[name] or 0 for head in heads) for name in ("mended", "broken")}


def _draw_switches(board: Board, visit: Visit, switches: Sequence[Switch]) -> None:
    words = visit.words
    if not switches:
        plain(words("models.no_switches"), "p", "soft")
        return
    undone = {item.undoes for item in switches}
    standing = next((item for item in switches if _stands(item, undone)), None)
    if standing is not None and visit.may(Action.EDIT, Resource.MODEL):
        with ui.element("div").classes("line"):
            label = words("models.back_to", number=standing.number)
            button(label, partial(_take_back, board, visit, standing), "act-grave", key="back")
    rows: list[Sequence[Cell]] = [
        (
            words("models.number", number=item.number),
            _did(visit, item),
            item.name,
            item.reason,
            board.names.of(item.author),
            partial(moment, visit, item.at),
        )
        for item in switches
    ]
    names = ("switch", "did", "candidate", "reason", "who", "when")
    heads = [words(f"models.{name}") for name in names]
    small_table(heads, rows, caption=words("models.switches"))


def _stands(item: Switch, undone: set[int | None]) -> bool:
    return item.undoes is None and item.number not in undone


def _did(visit: Visit, item: Switch) -> str:
    words = visit.words
    kind = words.choice("models.kinds", item.kind.value)
    if item.undoes is not None:
        return words("models.took_back", number=item.undoes, kind=kind)
    told = words("models.switched_to", kind=kind)
    return f"{told} · {words('models.forced')}" if item.forced else told


async def _take_back(board: Board, visit: Visit, last: Switch) -> None:
    words = visit.words
    question = Question(
        title=words("models.back_ask", name=last.name),
        hint=words("models.back_hint"),
        confirm=words("models.back_to", number=last.number),
        grave=True,
        reason=words("models.reason"),
    )
    reply = await ask(visit.client, words, question)
    if reply is None:
        return

    async def back(principal: Principal) -> None:
        switches = board.container.learning.switches
        await switches.back(principal, kind=last.kind, reason=reply.reason or None)
        await board.container.learning.models.refresh()

    if await attempt(visit, back):
        go(visit, place.LIST, said=words("models.back_done"))
