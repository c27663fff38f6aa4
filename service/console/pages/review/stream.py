"""The stream: one item at a time, decided by keys, the next one ready before it is asked for."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import keep_fresh, refuse
from service.console.dialogs import Question, ask
from service.console.forms import clear_draft
from service.console.keys import Keys
from service.console.page import console_page, heading
from service.console.pages.review.card import draw_card
from service.console.pages.review.choices import NOTE, Chosen, draw_choices, note_draft
from service.console.pages.review.log import draw_log
from service.console.pages.review.place import PLACE, STREAM
from service.console.pages.review.rubric import blocking, passing, reason_keys, said
from service.console.pages.review.work import Fate, Work
from service.console.places import Permission
from service.console.session import BASE, Visit
from service.console.states import empty, no_permission
from service.console.theme import link
from service.moderation.review import Code, Line, Ruling, VerdictDraft

_NEEDED: Permission = (Action.WORK, Resource.REVIEW)
_TICK_S = 1.0
_LOOK_EVERY = 3
"""Ticks between two looks for something new while nothing is there."""
_KEEP_EVERY = 20
"""Ticks between two looks at the claims."""
_TOO_QUICK_S = 0.15
"""A key that comes sooner after an item was drawn was meant for the one before."""
_AT_WORK_S = 600.0


def register_stream(board: Board) -> None:
    """The page `/review/stream`."""

    @console_page(board, PLACE, STREAM)
    async def stream(visit: Visit) -> None:
        words = visit.words
        if not visit.may(*_NEEDED):
            visit.client.status_code = 403
            heading(visit, words("review.stream"))
            no_permission(words, _NEEDED)
            return
        work = Work(board.container, visit.principal, wanted=visit.query.get("item"))
        await work.fill()
        with heading(visit, words("review.stream"), hint=words("review.stream_hint")):
            link(f"{BASE}{PLACE.path}", words("review.to_overview"), "act")
        StreamPage(board, visit, work).build()


class StreamPage:
    """What is drawn anew after each decision: the item, its choices, and what was decided."""

    def __init__(self, board: Board, visit: Visit, work: Work) -> None:
        self._container = board.container
        self._rubric = board.container.review.desk.rubric
        self._visit = visit
        self._work = work
        self._whole: tuple[str, str | None] | None = None
        self._ticks = 0
        self._drawn_at = self._acted_at = self._now()
        self._asking = False
        self._chosen = Chosen()

    def _now(self) -> float:
        return self._container.clock.monotonic()

    def build(self) -> None:
        """Draw everything, and bind the keys."""
        words = self._visit.words
        with ui.element("div").classes("columns review"):
            with ui.element("div").classes("column stack"):
                with ui.element("section").classes("panel stack"):
                    self._card = ui.element("div").classes("stack")
                with ui.element("section").classes("panel stack"):
                    self._log = ui.element("div").classes("tight")
            with ui.element("section").classes("panel stack side"):
                self._choices = ui.element("div").classes("stack")
        reasons = {
            key: (said(words, code), partial(self._rule_by, code))
            for key, code in reason_keys(self._rubric).items()
        }
        Keys(
            self._visit,
            {
                "p": (words("review.key.pass"), self._pass),
                "b": (words("review.key.block"), self._block),
                "e": (words("review.key.escalate"), self._escalate),
                "n": (words("review.key.next"), self._skip),
                "u": (words("review.key.undo"), self._undo),
                "o": (words("review.key.reveal"), self._reveal),
                "m": (words("review.key.note"), NOTE),
                **reasons,
            },
        )
        self._draw()
        keep_fresh(self._visit, _TICK_S, self._tick)
        self._visit.client.on_disconnect(self._work.leave)

    def _draw(self) -> None:
        self._drawn_at = self._now()
        current = self._work.current
        self._card.clear()
        with self._card:
            if current is None:
                words = self._visit.words
                empty(words("review.nothing"), words("review.nothing_hint"))
            else:
                draw_card(self._visit, current, self._rubric, whole=self._whole)
        self._choices.clear()
        with self._choices:
            draw_choices(
                self._visit,
                None if current is None else current.item,
                self._rubric,
                rule=self._rule_by,
                acts={
                    "pass": self._pass,
                    "block": self._block,
                    "escalate": self._escalate,
                    "next": self._skip,
                    "undo": self._undo,
                    "reveal": self._reveal,
                },
                chosen=self._chosen,
            )
        self._draw_log()

    def _draw_log(self) -> None:
        self._log.clear()
        with self._log:
            draw_log(self._visit, self._work, self._rubric)

    async def _advance(self) -> None:
        """The next item first, what has to be fetched afterwards."""
        self._whole, self._chosen, self._acted_at = None, Chosen(), self._now()
        had = self._work.current is not None
        self._draw()
        try:
            came = await self._work.fill()
        except Exception as error:
            refuse(self._visit, error)
            return
        if came and not had:
            self._draw()

    async def _rule_by(self, code: Code) -> None:
        current = self._work.current
        if current is None or self._asking or self._now() - self._drawn_at < _TOO_QUICK_S:
            return
        if code not in self._rubric.codes_for(current.item.kind):
            self._tell(self._visit.words("review.unfitting"))
            return
        self._work.decide(
            VerdictDraft(
                ruling=code.ruling,
                reason=code.id,
                labels=self._chosen.labels if code.ruling is Ruling.BLOCK else (),
                note=self._chosen.note or None,
                rubric_version=self._rubric.name,
            )
        )
        clear_draft(self._visit, note_draft(current.item.id))
        await self._advance()

    async def _pass(self) -> None:
        current = self._work.current
        code = None if current is None else passing(self._rubric, current.item)
        if code is not None:
            await self._rule_by(code)

    async def _block(self) -> None:
        current = self._work.current
        if current is None:
            return
        code = blocking(self._rubric, current.item)
        if code is None:
            self._tell(self._visit.words("review.which_reason"))
            return
        await self._rule_by(code)

    async def _escalate(self) -> None:
        current, words = self._work.current, self._visit.words
        if current is None or self._asking:
            return
        if current.item.line is not Line.SECOND:
            self._tell(words("review.last_word"))
            return
        reply = await self._ask(
            Question(
                title=words("review.escalate"),
                hint=words("review.escalate_hint"),
                confirm=words("review.escalate"),
                reason=words("review.escalate_reason"),
                reason_required=True,
            )
        )
        if reply and self._work.current is current:
            self._work.escalate(reply)
            await self._advance()

    async def _skip(self) -> None:
        if self._work.current is None or self._asking:
            return
        try:
            await self._work.skip()
        except Exception as error:
            refuse(self._visit, error)
        await self._advance()

    async def _undo(self) -> None:
        undone = self._work.undo()
        if undone is not None:
            self._whole, self._chosen = None, Chosen()
            if undone.draft is not None:
                self._chosen.note = undone.draft.note or ""
                self._chosen.confirmed = dict.fromkeys(undone.draft.labels, True)
            self._draw()
        else:
            self._tell(self._visit.words("review.nothing_to_undo"))

    async def _reveal(self) -> None:
        current, words = self._work.current, self._visit.words
        if current is None or self._asking:
            return
        reason = await self._ask(
            Question(
                title=words("review.reveal"),
                hint=words("review.reveal_hint"),
                confirm=words("review.reveal"),
                reason=words("review.reveal_reason"),
                reason_required=True,
            )
        )
        if not reason:
            return
        try:
            principal: Principal = await self._visit.principal()
            original = await self._container.review.originals.reveal(
                principal, current.item.id, reason=reason
            )
        except Exception as error:
            refuse(self._visit, error)
            return
        if self._work.current is current:
            self._whole = (original.text, original.appeal_words)
            self._draw()

    async def _ask(self, question: Question) -> str:
        self._asking = True
        try:
            reply = await ask(self._visit.client, self._visit.words, question)
        finally:
            self._asking = False
        return "" if reply is None else reply.reason

    def _tell(self, text: str) -> None:
        with self._visit.client:
            ui.notify(text)

    async def _tick(self) -> None:
        """Send what is due, keep the claims, look for something new where nothing is."""
        self._ticks += 1
        sent = await self._work.send()
        for one in sent:
            if one.fate is Fate.FAILED and one.problem is not None:
                refuse(self._visit, one.problem)
        if sent:
            self._draw_log()
        if self._ticks % _KEEP_EVERY == 0:
            active = self._now() - self._acted_at < _AT_WORK_S
            if await self._work.keep(active=active):
                self._whole, self._chosen = None, Chosen()
                self._draw()
        idle = self._work.current is None and self._now() - self._acted_at < _AT_WORK_S
        if idle and self._ticks % _LOOK_EVERY == 0 and await self._work.fill():
            self._draw()
