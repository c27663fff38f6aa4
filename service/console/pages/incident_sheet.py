"""What every part of the incident page draws from, and how it does things."""

from __future__ import annotations

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import Deed, attempt, praise
from service.console.dialogs import Question, Reply, ask
from service.console.dossier import Dossier, read_dossier
from service.console.queue_rows import incident_title
from service.console.session import Visit


class IncidentSheet:
    """One open incident: its dossier, for one visitor."""

    def __init__(self, board: Board, visit: Visit, dossier: Dossier) -> None:
        self.board = board
        self.visit = visit
        self.words = visit.words
        self.dossier = dossier
        self.principal = visit.session.principal
        self.zone = board.container.settings.zone
        self.tiers = board.container.library.tiers.tiers
        self.scenarios = board.scenario_names(visit.words)
        self.stamp: object = None

    @property
    def incident_id(self) -> str:
        return self.dossier.incident.id

    @property
    def title(self) -> str:
        """What the incident is called in the visitor's language."""
        return incident_title(self.dossier.incident, words=self.words, scenarios=self.scenarios)

    def may(self, action: Action) -> bool:
        """Whether the visitor may do that to this incident."""
        monitor = self.dossier.incident.monitor_id
        return self.principal.may(action, Resource.INCIDENT, monitor=monitor)

    def name_of(self, actor: str) -> str:
        """A person by name, the service in the visitor's language."""
        return self.words.choice("actor", self.board.names.of(actor))

    async def ask(self, question: Question) -> Reply | None:
        """Ask the visitor; None when they called it off."""
        return await ask(self.visit.client, self.words, question)

    async def act(self, deed: Deed, *, done: str = "") -> bool:
        """Do something as the visitor, then show what became of it."""
        if not await attempt(self.visit, deed):
            return False
        await attempt(self.visit, self.reread)
        if done:
            praise(self.visit, done)
        return True

    async def reread(self, principal: Principal) -> None:
        """Read everything anew and redraw what differs."""
        self.stamp = await self.board.pulse.stamp()
        before, roles = self.dossier, self.principal.roles
        self.principal = principal
        self.dossier = await read_dossier(self.board, principal, self.incident_id)
        self.redraw(before, everything=roles != principal.roles)

    def redraw(self, before: Dossier, *, everything: bool) -> None:
        """Draw again what differs from `before`."""
        raise NotImplementedError
