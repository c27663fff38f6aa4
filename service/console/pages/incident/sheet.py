"""What every part of the incident page draws from, and how it does things."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import Deed, attempt, praise
from service.console.dialogs import Question, Reply, ask, undo
from service.console.dossier import Dossier, read_dossier
from service.console.queue_rows import incident_title
from service.console.session import Visit
from service.incidents import OPEN_STATES, Incident

VersionedDeed = Callable[[Principal, int], Awaitable[object]]
"""A deed on the incident as it stood at that version."""


class IncidentSheet(ABC):
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

    @property
    def incident(self) -> Incident:
        return self.dossier.incident

    @property
    def incident_id(self) -> str:
        return self.dossier.incident.id

    @property
    def title(self) -> str:
        """What the incident is called in the visitor's language."""
        return incident_title(self.dossier.incident, words=self.words, scenarios=self.scenarios)

    @property
    def is_open(self) -> bool:
        """Whether somebody still works it."""
        return self.incident.state in OPEN_STATES

    @property
    def is_gravest(self) -> bool:
        """Whether it has the gravest tier: the checklist leads the page then."""
        return self.incident.tier_rank >= len(self.tiers)

    def may(self, action: Action, resource: Resource = Resource.INCIDENT) -> bool:
        """Whether the visitor may do that here; to be offered, as the desks ask again."""
        return self.principal.may(action, resource, monitor=self.incident.monitor_id)

    def name_of(self, actor: str) -> str:
        """A person by name, the service in the visitor's language."""
        return self.words.choice("actor", self.board.names.of(actor))

    def tier_name(self, tier: str) -> str:
        """A tier by name; the id of one that the table lost."""
        return next((self.words.of(item.name) for item in self.tiers if item.id == tier), tier)

    async def ask(self, question: Question) -> Reply | None:
        """Ask the visitor; None when they called it off."""
        return await ask(self.visit.client, self.words, question)

    async def act(self, deed: Deed, *, done: str = "", take_back: Deed | None = None) -> bool:
        """Do something as the visitor, then show what became of it.

        With `take_back` the visitor may have it undone for ten seconds.
        """
        if not await attempt(self.visit, deed):
            return False
        await attempt(self.visit, self.reread)
        if take_back is not None:
            undo(self.visit, done, self._then_reread(take_back))
        elif done:
            praise(self.visit, done)
        return True

    async def decide(self, seen: Incident, deed: VersionedDeed, *, done: str) -> bool:
        """Do what depends on how the incident stands, `seen` being how it stood when they decided.

        Where somebody has moved it since, the visitor hears what changed, and is asked once more.
        """
        if not await attempt(self.visit, self.reread):
            return False
        words, moved = self.words, self._moved(seen)
        if moved:
            question = Question(
                title=words("together.title"),
                hint=f"{words('together.hint')} {moved}",
                confirm=words("together.anyway"),
                grave=True,
            )
            if await self.ask(question) is None:
                return False

        async def as_it_stands(principal: Principal) -> None:
            await deed(principal, self.incident.version)

        return await self.act(as_it_stands, done=done)

    def _moved(self, seen: Incident) -> str:
        """What another has changed of the incident since it was seen so; empty for nothing."""
        words, now = self.words, self.incident
        nobody = words("incident.nobody")
        pairs = (
            (words.choice("state", seen.state.value), words.choice("state", now.state.value)),
            (self.tier_name(seen.tier), self.tier_name(now.tier)),
            (self._scenario(seen), self._scenario(now)),
            (
                self.name_of(seen.assignee) if seen.assignee else nobody,
                self.name_of(now.assignee) if now.assignee else nobody,
            ),
        )
        changed = [f"{before} → {after}" for before, after in pairs if before != after]
        return words("list.comma").join(changed)

    def _scenario(self, incident: Incident) -> str:
        return self.scenarios.get(incident.scenario or "", incident.scenario or "")

    def _then_reread(self, deed: Deed) -> Deed:
        async def both(principal: Principal) -> None:
            await deed(principal)
            await self.reread(principal)

        return both

    async def reread(self, principal: Principal) -> None:
        """Read everything anew and redraw what differs."""
        before, roles = self.dossier, self.principal.roles
        self.principal = principal
        self.dossier = await read_dossier(self.board, principal, self.incident_id)
        self.redraw(before, everything=roles != principal.roles)

    @abstractmethod
    def redraw(self, before: Dossier, *, everything: bool) -> None:
        """Draw again what differs from `before`."""
