"""One review: the form, what is missing, the departments, their proposals, and the closing."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import Deed, attempt, go
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.page import console_page, heading
from service.console.pages.aftermath import departments_of, named
from service.console.pages.catalogue_acts import settle
from service.console.pages.improvements.place import address as improvement_address
from service.console.pages.improvements.place import state_of
from service.console.pages.reviews import place
from service.console.pages.reviews.departments import DepartmentsPart
from service.console.pages.reviews.form import FormOfWhys, Grounds, draw_answers
from service.console.people import accounts_of
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.errors import NotFound
from service.incidents import Incident
from service.reviews import Department, Lack, ReviewFile, ReviewState

_SHOWN = 60


def register(board: Board) -> None:
    """The page `/reviews/{review_id}`; the id of an incident leads to its review."""

    @console_page(board, place.PLACE, "/reviews/{review_id}")
    async def one(visit: Visit, review_id: str) -> None:
        container, principal = board.container, await visit.principal()
        file = await container.reviewing.desk.file(principal, place.review_of(review_id))
        review = file.review
        found = await container.desk.file(principal, review.incident_id)
        posts = {
            item.post_id: str(item.snapshot.get("text") or item.snapshot.get("title") or "")[:60]
            for item in found.evidence
        }
        steps: dict[str, str] = {}
        try:
            run = await container.response_desk.file(principal, review.incident_id)
        except NotFound:
            pass  # an incident without a playbook has no steps to point to
        else:
            steps = {step.id: visit.words.of(step.step.title) for step in run.stored.run.steps}
        await board.names.learn(review.owner, review.closed_by)
        ReviewPage(
            board,
            visit,
            file,
            incident=found.incident,
            grounds=Grounds(posts=posts, steps=steps),
            departments=await departments_of(container),
        ).draw()


class ReviewPage:
    """The open page of a review."""

    def __init__(
        self,
        board: Board,
        visit: Visit,
        file: ReviewFile,
        *,
        incident: Incident,
        grounds: Grounds,
        departments: dict[str, Department],
    ) -> None:
        self._board = board
        self._visit = visit
        self._file = file
        self._incident = incident
        self._grounds = grounds
        self._departments = departments
        self._desk = board.container.reviewing.desk
        self._here = place.address(file.review.id)

    def draw(self) -> None:
        """The form beside what is still to be done."""
        visit, words, review = self._visit, self._visit.words, self._file.review
        scenario = review.scenario or ""
        scenarios = self._board.scenario_names(words)
        subject = scenarios.get(scenario, scenario) or words("reviews.unnamed")
        with heading(visit, words("reviews.of", subject=subject), hint=self._incident.title):
            link(place.LIST, words("reviews.back"), "act")
            link(f"{BASE}/incidents/{review.incident_id}", words("reviews.incident"), "act")
        self._draw_standing()
        with ui.element("div").classes("columns"):
            with ui.element("section").classes("panel stack whys"):
                plain(words("reviews.whys"), "h2")
                if self._may(Action.WORK):
                    FormOfWhys(
                        self._board.container,
                        visit,
                        review,
                        self._grounds,
                        main=bool(self._file.lacks) or not self._may(Action.CLOSE),
                    ).draw()
                    self._draw_grounds()
                else:
                    draw_answers(visit, review, self._grounds)
                    if review.state is ReviewState.OPEN:
                        plain(words("reviews.may_not"), "p", "soft")
            with ui.element("div").classes("stack"):
                if review.state is ReviewState.OPEN:
                    self._draw_closing()
                DepartmentsPart(self._board.container, visit, self._file, self._departments).draw()
                self._draw_improvements()

    def _may(self, action: Action) -> bool:
        review = self._file.review
        return review.state is ReviewState.OPEN and self._visit.may(
            action, Resource.CAUSE_REVIEW, monitor=review.monitor_id
        )

    def _draw_standing(self) -> None:
        visit, words, review = self._visit, self._visit.words, self._file.review
        with ui.element("div").classes("line"):
            plain(words.choice("reviews.states", review.state.value), classes="state")
            if review.state is ReviewState.OPEN:
                if review.due_at <= visit.now():
                    plain(f"▲ {words('reviews.overdue')}", classes="late")
                plain(words("reviews.due"), classes="soft")
                moment(visit, review.due_at)
            elif review.closed_at is not None and review.closed_by is not None:
                name = self._board.names.of(review.closed_by)
                plain(words("reviews.closed_by", name=name), classes="foreign")
                moment(visit, review.closed_at)
            owner = "–" if review.owner is None else self._board.names.of(review.owner)
            plain(words("reviews.owned_by", name=owner), classes="foreign")
            if self._may(Action.WORK):
                button(words("reviews.assign"), self._assign, "act-small", key="assign")

    def _draw_grounds(self) -> None:
        words, grounds = self._visit.words, self._grounds
        with ui.element("details"):
            plain(words("reviews.grounds"), "summary")
            with ui.element("ul").classes("stack small"):
                for step, title in grounds.steps.items():
                    with ui.element("li"):
                        plain(step, classes="code")
                        plain(f" {title}", classes="foreign")
                for post, text in list(grounds.posts.items())[:_SHOWN]:
                    with ui.element("li"):
                        plain(post, classes="code foreign")
                        plain(f" {text}", classes="foreign")

    def _draw_closing(self) -> None:
        words, file = self._visit.words, self._file
        with ui.element("section").classes("panel stack"):
            plain(words("reviews.closing"), "h2")
            for what, _ in file.lacks:
                plain(f"✗ {self._lack(what)}", "p", "late")
            if not file.lacks:
                plain(f"✓ {words('reviews.complete')}", "p")
            if not self._may(Action.CLOSE):
                plain(words("reviews.may_not_close"), "p", "soft")
                return
            pressed = button(
                words("reviews.close"), self._close, "" if file.lacks else "act-main", key="close"
            )
            if file.lacks:
                pressed.props("disabled")

    def _lack(self, what: Lack) -> str:
        words = self._visit.words
        if what is not Lack.PROPOSALS:
            return words.choice("reviews.lacks", what.value)
        awaited = [
            named(self._departments, item.department_id)
            for item in self._file.involved
            if item.is_awaited
        ]
        return words("reviews.awaits", names=words("list.comma").join(awaited))

    def _draw_improvements(self) -> None:
        visit, words, file = self._visit, self._visit.words, self._file
        with ui.element("section").classes("panel stack"):
            plain(words("reviews.improvements"), "h2")
            if not file.improvements:
                plain(words("reviews.no_improvements"), "p", "soft")
            for item in file.improvements:
                with ui.element("div").classes("line"):
                    link(improvement_address(item.id), item.title, "foreign strong")
                    plain(state_of(words, item.state), classes="state")
                    name = named(self._departments, item.department_id)
                    plain(name, classes="soft foreign")
                    moment(visit, item.due_at)
            leads = any(
                (found := self._departments.get(item.department_id)) is not None
                and found.lead == visit.session.user.id
                for item in file.involved
            )
            allowed = leads or visit.may(
                Action.WORK, Resource.CAUSE_REVIEW, monitor=file.review.monitor_id
            )
            if allowed and file.involved and file.review.state is not ReviewState.WITHDRAWN:
                link(f"{self._here}/propose", words("reviews.propose"), "act")

    async def _assign(self) -> None:
        visit, words, review = self._visit, self._visit.words, self._file.review
        question = Question(
            title=words("reviews.assign"),
            confirm=words("reviews.assign"),
            options=await accounts_of(self._board.container.users),
            options_label=words("reviews.owner"),
        )
        reply = await ask(visit.client, words, question)
        if reply is None or reply.choice is None:
            return
        owner = reply.choice

        async def assign(principal: Principal) -> None:
            await self._desk.assign(principal, review.id, owner, version=review.version)

        await self._done(assign, words("reviews.assigned"))

    async def _close(self) -> None:
        words, review = self._visit.words, self._file.review

        async def close(principal: Principal) -> None:
            await self._desk.close(principal, review.id, version=review.version)

        question = Question(
            title=words("reviews.close_ask"),
            hint=words("reviews.close_hint"),
            confirm=words("reviews.close"),
        )
        said = words("reviews.closed_now")
        await settle(self._visit, close, leads_to=self._here, said=said, question=question)

    async def _done(self, deed: Deed, said: str) -> None:
        if await attempt(self._visit, deed):
            go(self._visit, self._here, said=said)
