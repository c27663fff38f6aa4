"""What every part of a statement's page draws from, and how it does things."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import Deed, attempt, praise
from service.console.dialogs import Question, Reply, ask
from service.console.session import Visit
from service.incidents import Incident
from service.statements import Statement, StatementFile
from service.statements.lifecycle import EDITABLE
from service.statements.model import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A statement with its incident and every wording, oldest first."""

    file: StatementFile
    incident: Incident
    editions: tuple[Edition, ...]


async def read_statement(board: Board, principal: Principal, statement_id: str) -> Opened:
    """Everything that the page shows. Raises NotFound, Forbidden."""
    reading = board.container.statements.reading
    file = await reading.file(principal, statement_id)
    editions = await reading.editions(principal, statement_id)
    incident = (await board.container.desk.file(principal, file.statement.incident_id)).incident
    people = {file.statement.created_by, *(item.by for item in editions)}
    people |= {item.person for item in file.approvals} | {item.by for item in file.places}
    people |= {item.owner for item in file.promises if item.owner}
    await board.names.learn(*sorted(people))
    return Opened(file=file, incident=incident, editions=editions)


class StatementSheet(ABC):
    """One open statement, for one visitor."""

    def __init__(self, board: Board, visit: Visit, opened: Opened) -> None:
        self.board = board
        self.visit = visit
        self.words = visit.words
        self.zone = visit.zone
        self.opened = opened
        self.principal = visit.session.principal

    @property
    def file(self) -> StatementFile:
        return self.opened.file

    @property
    def statement(self) -> Statement:
        return self.opened.file.statement

    @property
    def is_editable(self) -> bool:
        """Whether its words may still change."""
        return self.statement.state in EDITABLE

    def may(self, action: Action) -> bool:
        """Whether the visitor may do that to statements of the incident."""
        monitor = self.opened.incident.monitor_id
        return self.principal.may(action, Resource.STATEMENT, monitor=monitor)

    def name_of(self, actor: str) -> str:
        """A person by name, a role of the playbook or the service in the visitor's language."""
        named = self.words.choice("actor", self.board.names.of(actor))
        return self.words.choice("role", named)

    async def ask(self, question: Question) -> Reply | None:
        """Ask the visitor; None when they called it off."""
        return await ask(self.visit.client, self.words, question)

    async def act(self, deed: Deed, *, done: str = "") -> bool:
        """Do something as the visitor, then show what became of it."""
        if not await attempt(self.visit, deed):
            await attempt(self.visit, self.reread)
            return False
        await attempt(self.visit, self.reread)
        if done:
            praise(self.visit, done)
        return True

    async def reread(self, principal: Principal) -> None:
        """Read everything anew and redraw what differs."""
        before, roles = self.opened, self.principal.roles
        self.principal = principal
        self.opened = await read_statement(self.board, principal, self.statement.id)
        self.redraw(before, everything=roles != principal.roles)

    @abstractmethod
    def redraw(self, before: Opened, *, everything: bool) -> None:
        """Draw again what differs from `before`."""
