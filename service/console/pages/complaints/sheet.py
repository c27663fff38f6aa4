"""What every part of a complaint's page draws from, and how it does things."""

from __future__ import annotations

from abc import ABC, abstractmethod

from service.auth import Action, Principal, Resource
from service.complaints import Complaint, ComplaintFile
from service.console.board import Board
from service.console.deeds import Deed, attempt, praise
from service.console.dialogs import Question, Reply, ask, undo
from service.console.forms import Stored
from service.console.session import Visit


async def read_complaint(board: Board, principal: Principal, complaint_id: str) -> ComplaintFile:
    """Everything that the page shows. Raises NotFound, Forbidden."""
    file = await board.container.complaints.desk.file(principal, complaint_id)
    people = {item.actor for item in file.history} | {item.by for item in file.answers}
    people |= {item.by for item in file.ratings}
    await board.names.learn(file.complaint.assignee, *sorted(people))
    return file


class ComplaintSheet(ABC):
    """One open complaint, for one visitor."""

    def __init__(self, board: Board, visit: Visit, file: ComplaintFile) -> None:
        self.board = board
        self.visit = visit
        self.words = visit.words
        self.file = file
        self.principal = visit.session.principal
        self.desks = board.container.complaints

    @property
    def complaint(self) -> Complaint:
        return self.file.complaint

    @property
    def stored(self) -> Stored:
        """The version on which something is typed; forms here begin empty."""
        return Stored(version=self.complaint.version)

    def may(self, action: Action) -> bool:
        """Whether the visitor may do that to complaints of the monitor."""
        monitor = self.complaint.monitor_id
        return self.principal.may(action, Resource.COMPLAINT, monitor=monitor)

    def name_of(self, actor: str) -> str:
        """A person by name, the service in the visitor's language."""
        return self.words.choice("actor", self.board.names.of(actor))

    async def ask(self, question: Question) -> Reply | None:
        """Ask the visitor; None when they called it off."""
        return await ask(self.visit.client, self.words, question)

    async def act(self, deed: Deed, *, done: str, take_back: Deed | None = None) -> bool:
        """Do something as the visitor, then show what became of it.

        With `take_back` the visitor may have it undone for ten seconds.
        """
        if not await attempt(self.visit, deed):
            await attempt(self.visit, self.reread)
            return False
        await attempt(self.visit, self.reread)
        if take_back is None:
            praise(self.visit, done)
            return True

        async def reverse(principal: Principal) -> None:
            await take_back(principal)
            await self.reread(principal)

        undo(self.visit, done, reverse)
        return True

    async def reread(self, principal: Principal) -> None:
        """Read everything anew and redraw what differs."""
        before, roles = self.file, self.principal.roles
        self.principal = principal
        self.file = await read_complaint(self.board, principal, self.complaint.id)
        self.redraw(before, everything=roles != principal.roles)

    @abstractmethod
    def redraw(self, before: ComplaintFile, *, everything: bool) -> None:
        """Draw again what differs from `before`."""
