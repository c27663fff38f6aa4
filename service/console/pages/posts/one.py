"""The page of one post."""

from __future__ import annotations

from nicegui import ui

from service.console.board import Board
from service.console.page import console_page, heading
from service.console.pages.posts.detail import PostSheet, read_detail
from service.console.pages.posts.names import names_for
from service.console.pages.posts.place import PLACE
from service.console.session import BASE, Visit
from service.console.theme import link


def register_one(board: Board) -> None:
    """The page `/posts/{post_id}`."""

    @console_page(board, PLACE, "/posts/{post_id}")
    async def one(visit: Visit, post_id: str) -> None:
        principal = await visit.principal()
        detail = await read_detail(board.container, principal, post_id)
        names = await names_for(board, visit.words, principal)
        with heading(visit, visit.words("posts.one"), hint=detail.post.post.id):
            link(f"{BASE}{PLACE.path}", visit.words("posts.to_search"), "act")
        with ui.element("section").classes("panel"):
            PostSheet(visit, board.container, names, detail).draw()
