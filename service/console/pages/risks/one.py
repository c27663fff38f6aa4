"""One risk: what it comes to, where its care stands, its review, its links, and its past."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import moment
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.risks import place
from service.console.pages.risks.deeds import RiskDeeds
from service.console.pages.risks.figures import draw_money, draw_score
from service.console.pages.risks.linked import LinksPart
from service.console.pages.risks.past import Past, draw_past, read_past
from service.console.pages.risks.writing import Choices, RiskForm, read_choices, stored_risk
from service.console.panels import Cell, pairs
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.errors import InvalidInput
from service.risks import Entry, RiskDraft, Stage

_NOTE_MAX = 4_000


def register(board: Board) -> None:
    """The page `/risks/{risk_id}`."""
    register_of = board.container.risk_register.register

    @console_page(board, place.PLACE, place.ONE)
    async def one(visit: Visit, risk_id: str) -> None:
        principal = await visit.principal()
        entry = await register_of.get(principal, risk_id)
        past = await read_past(board, visit, risk_id)
        choices = await read_choices(board, visit, entry.risk.draft)
        RiskPage(board, visit, entry, choices).draw(past)


class RiskPage:
    """The open page of an entry."""

    def __init__(self, board: Board, visit: Visit, entry: Entry, choices: Choices) -> None:
        self._board = board
        self._visit = visit
        self._entry = entry
        self._choices = choices
        self._desk = board.container.risk_register.desk
        self._here = place.address(entry.risk.id)
        self._deeds = RiskDeeds(self._desk, visit, entry.risk)
        owns = entry.risk.draft.owner == visit.session.user.id
        self._works = owns or visit.may(Action.WORK, Resource.RISK)
        self._edits = visit.may(Action.EDIT, Resource.RISK, monitor=entry.risk.draft.monitor)

    def draw(self, past: Past) -> None:
        """How it stands beside what is written of it; its past below."""
        visit, words, entry = self._visit, self._visit.words, self._entry
        formula = self._board.container.risk_register.register.formula
        band = place.band_name(words, formula, entry.assessment.score.band)
        with heading(visit, entry.risk.draft.title, hint=band):
            link(place.LIST, words("risks.back"), "act")
            if self._edits and entry.risk.retired:
                button(words("risks.reopen"), self._deeds.reopen, key="reopen")
            elif self._edits:
                button(words("risks.retire"), self._deeds.retire, "act-grave", key="retire")
        if entry.risk.retired:
            plain(f"■ {words('risks.is_retired')}", "p", "strong")
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("stack"):
                self._draw_standing()
                draw_score(visit, formula, entry)
                draw_money(visit, entry, self._board.container.risk_register.rates.reporting)
                works = self._works and not entry.risk.retired
                LinksPart(visit, self._desk, entry, works=works).draw()
                draw_past(self._board, visit, past, self._choices)
            with ui.element("div").classes("stack"):
                if self._works and not entry.risk.retired:
                    self._draw_review()
                self._draw_written()

    def _draw_standing(self) -> None:
        words, entry = self._visit.words, self._entry
        risk, draft = entry.risk, entry.risk.draft
        with ui.element("section").classes("panel stack"):
            plain(words("risks.standing"), "h2")
            with ui.element("ol").classes("line track"):
                for stage in Stage:
                    here = stage is risk.stage and not risk.retired
                    name = words.choice("risks.stages", stage.value)
                    with ui.element("li") as shown:
                        plain(f"● {name}" if here else name, classes="state" if here else "soft")
                    if here:
                        shown.props('aria-current="step"')
            monitor, rows = draft.monitor, list[tuple[str, Cell]]()
            rows.append((words("risks.cycle"), str(risk.cycle)))
            rows.append((words("risks.owner"), place.owner_of(words, entry)))
            rows.append((words("risks.next_review"), self._draw_due))
            if monitor is not None:
                name = self._choices.monitors.get(monitor, monitor)
                rows.append((words("risks.monitor"), name))
                board = f"{BASE}/board?monitor={monitor}"
                rows.append((words("risks.indicators"), partial(link, board, words("risks.board"))))
            if draft.scenario is not None:
                named = self._choices.scenarios.get(draft.scenario, draft.scenario)
                rows.append((words("risks.scenario"), named))
            pairs(rows)
            if self._works and not risk.retired:
                following = words.choice("risks.stages", risk.stage.following.value)
                label = words("risks.move", stage=following)
                button(label, self._deeds.move, key="move")
            elif not self._works:
                plain(words("risks.may_not_work"), "p", "soft")

    def _draw_due(self) -> None:
        visit, words, review = self._visit, self._visit.words, self._entry.review
        if self._entry.risk.retired or review.due_at is None:
            plain("–")
            return
        if self._entry.is_overdue:
            plain(f"▲ {words('risks.overdue')}", classes="late")
        moment(visit, review.due_at)
        if review.missed:
            plain(words("risks.missed", count=review.missed), "div", "soft")

    def _draw_review(self) -> None:
        visit, words, risk = self._visit, self._visit.words, self._entry.risk

        async def save(principal: Principal, values: Values) -> None:
            evidence = values.optional("evidence")
            try:
                await self._desk.review(
                    principal,
                    risk.id,
                    note=values.text("note"),
                    evidence=evidence,
                    version=values.version,
                )
            except InvalidInput as error:
                if not any(path == "evidence" for path, _ in error.errors):
                    raise
                said = words("risks.no_link")
                raise InvalidInput(said, errors=[("evidence", said)]) from error

        with ui.element("section").classes("panel stack"):
            plain(words("risks.review"), "h2")
            warned = self._board.container.risk_register.register.formula.review.warn_days
            plain(words("risks.review_hint", days=warned), "p", "soft")
            stored = Stored(version=risk.version)
            form = Form(visit, f"review-{risk.id}", stored=stored, save=save)
            form.said, form.after = words("risks.reviewed"), self._here
            with form:
                form.long_text(
                    "note", words("risks.note"), required=True, longest=_NOTE_MAX, rows=3
                )
                hint = words("risks.evidence_hint")
                form.text("evidence", words("risks.evidence"), hint=hint, kind="url")
                form.submit(words("risks.file_review"))

    def _draw_written(self) -> None:
        visit, words, risk = self._visit, self._visit.words, self._entry.risk
        with ui.element("section").classes("panel stack"):
            plain(words("risks.written"), "h2")
            if not self._edits:
                plain(risk.draft.description or "–", "p", "quote foreign")
                plain(words("risks.may_not_edit"), "p", "soft")
                return
            stored = stored_risk(risk.draft, risk.version)
            form = RiskForm(
                self._board,
                visit,
                f"risk-{risk.id}",
                self._choices,
                stored=stored,
                reread=self._read,
            )
            main = not self._works or risk.retired
            form.draw(self._keep, said=words("risks.saved"), after=self._here, main=main)

    async def _read(self, principal: Principal) -> Stored:
        risks = self._board.container.risk_register.register
        risk = (await risks.get(principal, self._entry.risk.id)).risk
        return stored_risk(risk.draft, risk.version)

    async def _keep(self, principal: Principal, draft: RiskDraft, version: int | None) -> str:
        saved = await self._desk.edit(principal, self._entry.risk.id, draft, version=version)
        return saved.id
