"""One item with everything about it: its text, what was decided, all that happened to it."""

from __future__ import annotations

from nicegui import ui

from nlp.pii import masked
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, go
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.page import console_page, heading
from service.console.pages.review.card import draw_card
from service.console.pages.review.place import ITEM, PLACE, item_address, stream_address
from service.console.pages.review.prepared import prepare
from service.console.pages.review.rubric import label_name, said
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.moderation.review import ReviewFile, mine
from service.moderation.review.lifecycle import UNDECIDED, is_appealable
from service.moderation.review.model import HumanVerdict, ReviewEvent


def register_one(board: Board) -> None:
    """The page `/review/items/{review_id}`."""
    container = board.container
    review = container.review

    @console_page(board, PLACE, ITEM)
    async def one(visit: Visit, review_id: str) -> None:
        words = visit.words
        principal = await visit.principal()
        file = await review.desk.file(principal, review_id)
        [prepared] = await prepare(container, principal, [file.item])
        await board.names.learn(
            file.item.holder,
            *(verdict.reviewer for verdict in file.verdicts),
            *(event.actor for event in file.history),
        )

        async def appeal() -> None:
            reply = await ask(
                visit.client,
                words,
                Question(
                    title=words("review.appeal"),
                    hint=words("review.appeal_hint"),
                    confirm=words("review.appeal"),
                    reason=words("review.appeal_words_label"),
                    reason_required=True,
                ),
            )
            if reply is None:
                return

            async def deed(principal: Principal) -> None:
                await review.appeals.against_verdict(
                    principal, review_id, words=reply.reason, version=file.item.version
                )

            if await attempt(visit, deed):
                go(visit, item_address(review_id), said=words("review.appeal_filed"))

        item = file.item
        with heading(visit, words("review.item"), hint=item.id):
            if item.state in UNDECIDED and item.line in mine(visit.session.principal):
                link(stream_address(item.id), words("review.decide_this"), "act act-main")
            if is_appealable(item.standing()) and visit.may(Action.APPEAL, Resource.REVIEW):
                button(words("review.appeal"), appeal, key="appeal")
            link(f"{BASE}{PLACE.path}", words("review.to_overview"), "act")
        with ui.element("div").classes("columns"):
            with ui.element("section").classes("panel stack"):
                draw_card(visit, prepared, review.desk.rubric)
            with ui.element("div").classes("column stack side"):
                _draw_verdicts(board, visit, file)
                _draw_history(board, visit, file)


def _draw_verdicts(board: Board, visit: Visit, file: ReviewFile) -> None:
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("review.verdicts"), "h2")
        if not file.verdicts:
            plain(words("review.no_verdicts"), "p", "soft")
        for verdict in file.verdicts:
            _draw_verdict(board, visit, verdict)


def _draw_verdict(board: Board, visit: Visit, verdict: HumanVerdict) -> None:
    words, codes = visit.words, board.container.review.desk.rubric.codes
    code = next((code for code in codes if code.id == verdict.reason), None)
    with ui.element("div").classes("tight"):
        with ui.element("div").classes("line"):
            plain(words.choice("review.rulings", verdict.ruling.value), classes="strong")
            plain(words.choice("review.lines", verdict.line.value), classes="state")
            plain(board.names.of(verdict.reviewer), classes="foreign soft")
            moment(visit, verdict.at)
        plain(verdict.reason if code is None else said(words, code), "p")
        if verdict.labels:
            named = (label_name(words, label) for label in verdict.labels)
            plain(words("list.comma").join(named), "p", "soft small")
        if verdict.note:
            plain(masked(verdict.note), "p", "foreign quote")
        plain(words("review.rubric", version=verdict.rubric_version), "p", "soft small")


def _draw_history(board: Board, visit: Visit, file: ReviewFile) -> None:
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("review.history"), "h2")
        with ui.element("ol").classes("timeline"):
            for event in reversed(file.history):
                with ui.element("li"):
                    with ui.element("div").classes("line small"):
                        plain(words.choice("review.events", event.kind), classes="strong")
                        plain(board.names.of(event.actor), classes="soft foreign")
                        moment(visit, event.at)
                    told = _told(event)
                    if told:
                        plain(told, "p", "foreign small")


def _told(event: ReviewEvent) -> str:
    """What somebody wrote with it."""
    return masked(str(event.data.get("reason") or "")) if event.kind == "escalated" else ""
