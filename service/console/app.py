"""The console on the application: pages under `/console`, everything they need out of our wheel."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from fastapi import FastAPI
from nicegui import core, ui

from service.bootstrap import Container
from service.console.board import Board
from service.console.doors import doors
from service.console.guard import BrowserGuard
from service.console.page import missing_page
from service.console.pages import register_pages
from service.console.session import BASE
from service.console.toolkit import remember_signatures

_FLAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path d="M9 30h14l-2-14H11z" fill="#5b6472"/><path d="M8 14h16v3H8z" fill="#39414d"/>
<path d="M16 1c4 4 6 6 4 11h-8c-2-4 1-5 4-11z" fill="#e8710a"/></svg>"""


def mount_console(app: FastAPI, container: Container) -> None:
    """Put the console on `app` under `/console`; its sign-in, sign-out and taste routes included.

    The toolkit is one application a process: mounting again (tests) takes the place of what was
    mounted before.
    """
    core.app.user_middleware.clear()
    core.app.middleware_stack = None
    core.app.add_middleware(BrowserGuard)
    app.include_router(doors(container))
    board = register_console(container)
    ui.run_with(
        app,
        root=missing_page(board),
        mount_path=BASE,
        title="烽燧 Fengsui",
        favicon=_FLAME,
        dark=None,
        binding_refresh_interval=None,
        reconnect_timeout=30.0,
        tailwind=False,
        show_welcome_message=False,
    )


def register_console(container: Container) -> Board:
    """Pages and static files on the toolkit's application, for mounting and for tests."""
    remember_signatures()
    core.app.add_static_files("/assets", Path(str(resources.files(__package__) / "assets")))
    return register_pages(container)
