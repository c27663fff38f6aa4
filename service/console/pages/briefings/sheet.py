"""What every part of a briefing's page draws from, and how it does things."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from service.auth import Action, Principal, Resource
from service.briefings import Briefing, BriefingFile, briefing_view
from service.console.board import Board
from service.console.deeds import Deed, attempt, praise
from service.console.pages.briefings.outgoing import Sending, read_sendings
from service.console.session import Visit
from service.monitors import ChannelConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A briefing with what was sent of it; equal ones need no redrawing."""

    file: BriefingFile
    sendings: tuple[Sending, ...]
    channels: tuple[ChannelConfig, ...]


async def read_briefing(board: Board, principal: Principal, briefing_id: str) -> Opened:
    """Everything that the page shows. Raises NotFound, Forbidden, StoreError."""
    container = board.container
    file = await container.briefings.desk.get(principal, briefing_id)
    item = file.briefing
    done_by = (item.edited_by, item.approved_by, item.delivered_by, item.discarded_by)
    await board.names.learn(item.prepared_by, *done_by)
    return Opened(
        file=file,
        sendings=await read_sendings(container, principal, item),
        channels=tuple(await container.channels.every()),
    )


class BriefingSheet(ABC):
    """One open briefing, for one visitor."""

    def __init__(self, board: Board, visit: Visit, opened: Opened) -> None:
        self.board = board
        self.visit = visit
        self.words = visit.words
        self.opened = opened

    @property
    def briefing(self) -> Briefing:
        return self.opened.file.briefing

    @property
    def view(self) -> dict[str, Any]:
        """As its readers have it, with what only writers see where the visitor is one."""
        settings = self.board.container.settings
        return briefing_view(
            self.briefing,
            self.opened.file.quotes,
            zone=settings.zone,
            public_url=settings.public_url,
            to_write=self.may(Action.EDIT),
        )

    def may(self, action: Action) -> bool:
        """Whether to offer it; the desk asks again."""
        return self.visit.may(action, Resource.BRIEFING)

    def name_of(self, actor: str) -> str:
        """A person by name; the service in the visitor's language."""
        return self.words.choice("actor", self.board.names.of(actor))

    async def act(self, deed: Deed, *, done: str = "") -> bool:
        """Do something as the visitor, then show what became of it."""
        is_done = await attempt(self.visit, deed)
        await attempt(self.visit, self.reread)
        if is_done and done:
            praise(self.visit, done)
        return is_done

    async def reread(self, principal: Principal) -> None:
        """Read everything anew and redraw what differs."""
        before = self.opened
        self.opened = await read_briefing(self.board, principal, self.briefing.id)
        self.redraw(before)

    @abstractmethod
    def redraw(self, before: Opened) -> None:
        """Draw again what differs from `before`."""
