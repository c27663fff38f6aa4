"""The departments of a review: named, excused with a reason, or taken out again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.console.deeds import Deed, attempt, go
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.pages.aftermath import named
from service.console.pages.reviews import place
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.reviews import Department, Involved, ReviewFile, ReviewState


class DepartmentsPart:
    """Draws the panel; every deed leads back to the page."""

    def __init__(
        self,
        container: Container,
        visit: Visit,
        file: ReviewFile,
        departments: Mapping[str, Department],
    ) -> None:
        self._desk = container.reviewing.desk
        self._visit = visit
        self._file = file
        self._departments = departments

    def draw(self) -> None:
        """Each department with how it stands, and the buttons for who may."""
        visit, words, file = self._visit, self._visit.words, self._file
        with ui.element("section").classes("panel stack"):
            plain(words("reviews.departments"), "h2")
            if not file.involved:
                plain(words("reviews.no_departments"), "p", "soft")
            for item in file.involved:
                self._draw_one(item)
            if not self._may(Action.WORK):
                return
            if self._open_choices():
                button(words("reviews.involve"), self._involve, "act-small", key="involve")
            elif not self._departments:
                plain(words("reviews.none_known"), "p", "soft")
                if visit.may(Action.EDIT, Resource.DEPARTMENT):
                    link(f"{BASE}/departments", words("reviews.to_departments"), "act act-small")

    def _may(self, action: Action) -> bool:
        review = self._file.review
        return review.state is ReviewState.OPEN and self._visit.may(
            action, Resource.CAUSE_REVIEW, monitor=review.monitor_id
        )

    def _open_choices(self) -> dict[str, str]:
        taken = {item.department_id for item in self._file.involved}
        return {
            item.id: item.name
            for item in self._departments.values()
            if not item.disabled and item.id not in taken
        }

    def _draw_one(self, item: Involved) -> None:
        visit, words = self._visit, self._visit.words
        with ui.element("div").classes("line"):
            name = named(self._departments, item.department_id)
            plain(name, classes="strong foreign")
            if item.filed_at is not None:
                plain(f"✓ {words('reviews.filed')}", classes="state")
                moment(visit, item.filed_at)
            elif item.excused is not None:
                plain(f"– {words('reviews.excused')}", classes="state")
                plain(item.excused, classes="soft foreign")
            else:
                plain(f"… {words('reviews.is_awaited')}", classes="soon")
            if item.filed_at is None and self._may(Action.APPROVE):
                key = item.department_id
                if item.excused is None:
                    button(
                        words("reviews.excuse"),
                        partial(self._excuse, key),
                        "act-small",
                        key=f"excuse-{key}",
                    )
                button(
                    words("reviews.release"),
                    partial(self._release, key),
                    "act-small",
                    key=f"release-{key}",
                )

    async def _involve(self) -> None:
        words, review = self._visit.words, self._file.review
        question = Question(
            title=words("reviews.involve"),
            hint=words("reviews.involve_hint"),
            confirm=words("reviews.involve"),
            options=self._open_choices(),
            options_label=words("reviews.department"),
        )
        reply = await ask(self._visit.client, words, question)
        if reply is None or reply.choice is None:
            return
        chosen = reply.choice

        async def involve(principal: Principal) -> None:
            await self._desk.involve(principal, review.id, chosen)

        await self._done(involve, words("reviews.involved"))

    async def _excuse(self, department_id: str) -> None:
        words, review = self._visit.words, self._file.review
        question = Question(
            title=words("reviews.excuse"),
            hint=words("reviews.excuse_hint"),
            confirm=words("reviews.excuse"),
            reason=words("reviews.reason"),
            reason_required=True,
        )
        reply = await ask(self._visit.client, words, question)
        if reply is None:
            return

        async def excuse(principal: Principal) -> None:
            await self._desk.excuse(principal, review.id, department_id, reason=reply.reason)

        await self._done(excuse, words("reviews.excused_now"))

    async def _release(self, department_id: str) -> None:
        words, review = self._visit.words, self._file.review
        question = Question(
            title=words("reviews.release_ask"),
            hint=words("reviews.release_hint"),
            confirm=words("reviews.release"),
        )
        if await ask(self._visit.client, words, question) is None:
            return

        async def release(principal: Principal) -> None:
            await self._desk.release(principal, review.id, department_id)

        await self._done(release, words("reviews.released"))

    async def _done(self, deed: Deed, said: str) -> None:
        if await attempt(self._visit, deed):
            go(self._visit, place.address(self._file.review.id), said=said)
