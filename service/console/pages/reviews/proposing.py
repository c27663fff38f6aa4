"""A proposal of a department, filed in a review."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.forms import Values
from service.console.page import console_page, heading
from service.console.pages.aftermath import departments_of, named
from service.console.pages.improvements.editing import ItemForm
from service.console.pages.reviews import place
from service.console.people import accounts_of
from service.console.session import Visit
from service.console.theme import link


def register(board: Board) -> None:
    """The page `/reviews/{review_id}/propose`."""
    container = board.container

    @console_page(board, place.PLACE, "/reviews/{review_id}/propose")
    async def propose(visit: Visit, review_id: str) -> None:
        words, principal = visit.words, await visit.principal()
        file = await container.reviewing.desk.file(principal, place.review_of(review_id))
        review = file.review
        departments = await departments_of(container)
        works = visit.may(Action.WORK, Resource.CAUSE_REVIEW, monitor=review.monitor_id)
        mine = {
            item.department_id: named(departments, item.department_id)
            for item in file.involved
            if works
            or (
                (found := departments.get(item.department_id)) is not None
                and found.lead == principal.id
            )
        }
        if not mine:
            principal.require(Action.WORK, Resource.CAUSE_REVIEW, monitor=review.monitor_id)

        async def save(principal: Principal, values: Values, form: ItemForm) -> None:
            await container.reviewing.improvements.propose(
                principal, review.id, values.text("department"), form.draft(values)
            )

        with heading(visit, words("reviews.propose"), hint=words("reviews.propose_hint")):
            link(place.address(review.id), words("reviews.back_to"), "act")
        with ui.element("section").classes("panel"):
            form = ItemForm(
                visit,
                f"propose-{review.id}",
                departments=mine,
                people=await accounts_of(container.users),
                save=save,
            )
            form.draw(said=words("reviews.proposed"), after=place.address(review.id))
