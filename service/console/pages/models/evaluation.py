"""A recorded evaluation: both sides beside each other, and the step to the better one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import moment
from service.console.forms import Form, Values
from service.console.page import console_page, heading
from service.console.pages.backtests.result import draw_result
from service.console.pages.models import place
from service.console.panels import Cell, pairs, small_table
from service.console.session import Visit
from service.console.theme import link, plain
from service.errors import NotFound
from service.learning import Evaluation

_SIGNS = {"mended": "✓", "broken": "✗", "neither": "–"}


def register(board: Board) -> None:
    """The page `/models/evaluations/{evaluation_id}`."""
    learning = board.container.learning

    @console_page(board, place.PLACE, "/models/evaluations/{evaluation_id}")
    async def one(visit: Visit, evaluation_id: str) -> None:
        words = visit.words
        principal = await visit.principal()
        found = await learning.evaluator.get(principal, evaluation_id)
        examples = _with_texts(board, principal, visit, found)
        monitors = await board.monitor_names()
        await board.names.learn(found.author)
        with heading(visit, found.name, hint=words.choice("models.kinds", found.kind.value)):
            link(place.LIST, words("models.back"), "act")
        _draw_about(board, visit, found)
        _draw_heads(visit, found.result)
        _draw_decisions(visit, found.result["decisions"])
        _draw_examples(visit, examples)
        if found.result["incidents"] is None:
            with ui.element("section").classes("panel"):
                plain(words("models.no_incidents"), "h2")
                plain(found.result["incidents_note"] or "–", "p", "soft foreign")
        else:
            draw_result(board, visit, found.result["incidents"], monitors)
        if visit.may(Action.EDIT, Resource.MODEL):
            _draw_switch(board, visit, found)


def _with_texts(
    board: Board, principal: Principal, visit: Visit, found: Evaluation
) -> Sequence[Mapping[str, Any]]:
    """The examples; with their texts for those who may run evaluations, while it is remembered."""
    kept: Sequence[Mapping[str, Any]] = found.result["examples"]
    if not principal.may(Action.RUN, Resource.MODEL):
        return kept
    try:
        trial = board.container.learning.trials.get(principal, visit.query.get("trial", "")[:64])
    except NotFound:
        return kept
    if trial.found is None or trial.found.evaluation_id != found.id:
        return kept
    texts: Sequence[Mapping[str, Any]] = trial.found.result["examples"]
    return texts


def _draw_about(board: Board, visit: Visit, found: Evaluation) -> None:
    words, told = visit.words, found.result["set"]
    origins = words("list.comma").join(
        f"{words.choice('models.origins', name)} {count:,}"
        for name, count in told["origins"].items()
    )
    with ui.element("section").classes("panel stack"):
        pairs(
            (
                (words("models.who"), board.names.of(found.author)),
                (words("models.when"), partial(moment, visit, found.at)),
                (words("models.place"), found.place),
                (
                    words("models.set"),
                    words("models.rows_read", rows=told["rows"], read=told["read"]),
                ),
                (words("models.said_by"), origins or "–"),
                (words("models.fingerprint"), found.fingerprint[:16]),
            )
        )


def _draw_heads(visit: Visit, result: Mapping[str, Any]) -> None:
    words = visit.words
    rows: list[Sequence[Cell]] = []
    for name, head in result["heads"].items():
        rows.append(
            (
                words.choice("models.heads", name),
                _score(head["serving"]),
                _score(head["candidate"]),
                "–" if head["mended"] is None else f"✓ {head['mended']:,}",
                "–" if head["broken"] is None else f"✗ {head['broken']:,}",
            )
        )
    if result["labels"] is not None:
        both = result["labels"]
        rows.append(
            (words("models.labels"), _score(both["serving"]), _score(both["candidate"]), "–", "–")
        )
    with ui.element("section").classes("panel stack"):
        plain(words("models.agreement"), "h2")
        plain(words("models.agreement_hint"), "p", "soft")
        if not rows:
            plain(words("models.no_rows"), "p")
            return
        names = ("head", "serving", "candidate", "mended", "broken")
        heads = [words(f"models.{name}") for name in names]
        small_table(heads, rows, caption=words("models.agreement"), numbers=4)


def _score(score: Mapping[str, Any] | None) -> str:
    if score is None or score["accuracy"] is None:
        return "–"
    f1 = "–" if score["f1"] is None else f"{score['f1']:.3f}"
    return f"{score['right']:,}/{score['rows']:,} = {score['accuracy']:.1%} · F1 {f1}"


def _draw_decisions(visit: Visit, decisions: Mapping[str, Any]) -> None:
    words = visit.words
    if not decisions["texts"]:
        return
    with ui.element("section").classes("panel stack"):
        plain(words("models.decisions", count=f"{decisions['moved']:,}"), "h2")
        rows = [
            (
                words.choice("models.decision", item["before"]),
                words.choice("models.decision", item["after"]),
                f"{item['texts']:,}",
            )
            for item in decisions["texts"]
        ]
        heads = [words(f"models.{name}") for name in ("serving", "candidate", "texts")]
        told = words("models.decisions", count=f"{decisions['moved']:,}")
        small_table(heads, rows, caption=told, numbers=1)


def _draw_examples(visit: Visit, examples: Sequence[Mapping[str, Any]]) -> None:
    words = visit.words
    if not examples:
        return
    with ui.element("section").classes("panel stack"):
        plain(words("models.examples"), "h2")
        if not any("text" in item for item in examples):
            plain(words("models.no_texts"), "p", "soft")
        for item in examples:
            with ui.element("div").classes("post"):
                with ui.element("div").classes("line small"):
                    effect = words.choice("models.effects", item["effect"])
                    plain(f"{_SIGNS.get(item['effect'], '')} {effect}", classes="state")
                    plain(words.choice("models.heads", item["head"]), classes="soft")
                    said = words(
                        "models.example",
                        said=item["said"] or "–",
                        before=item["before"] or "–",
                        after=item["after"] or "–",
                    )
                    plain(said, classes="foreign")
                plain(item.get("text") or item["id"], "p", "said foreign")


def _draw_switch(board: Board, visit: Visit, found: Evaluation) -> None:
    words, learning = visit.words, board.container.learning

    async def switch(principal: Principal, values: Values) -> None:
        await learning.switches.switch(
            principal, found.id, reason=values.optional("reason"), force=values.yes("force")
        )
        await learning.models.refresh()
        await board.container.lexicon.directory.refresh()
        await board.container.rules.directory.refresh()

    with ui.element("section").classes("panel stack"):
        plain(words("models.switch_to", name=found.name), "h2", "foreign")
        plain(words("models.switch_hint"), "p", "soft")
        form = Form(visit, f"switch-{found.id}", save=switch)
        form.said, form.after = words("models.switched"), place.LIST
        with form:
            form.text("reason", words("models.reason"), longest=1_000)
            form.yes("force", words("models.force"), hint=words("models.force_hint"))
            form.submit(words("models.switch_go"))
