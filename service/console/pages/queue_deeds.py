"""What is done from the queue, to one incident or to all that are selected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.dialogs import Question, Reply, undo
from service.console.listing import Bulk
from service.console.people import who_may
from service.console.queue_rows import QueueRow
from service.console.session import Visit
from service.console.trouble import trouble_of
from service.errors import Conflict, InvalidInput, ServiceError
from service.incidents import Action as IncidentAction
from service.incidents import Kind
from service.oncall import Matcher, Silence

LENGTHS = (30, 60, 120, 240, 480, 1_440)
"""Minutes that a silence may last from here; the page of silences takes any end."""


class QueueDeeds:
    """The deeds of one open queue. `rows` answers what it shows."""

    def __init__(self, board: Board, visit: Visit, rows: Callable[[], Sequence[QueueRow]]) -> None:
        self._board = board
        self._visit = visit
        self._rows = rows

    async def bulk(self) -> tuple[Bulk, ...]:
        """What this visitor is offered to do with a selection."""
        words, found = self._visit.words, []
        if self._visit.may(Action.WORK, Resource.INCIDENT):
            label = words.choice("action", "acknowledge")
            found.append(Bulk("acknowledge", label, self.acknowledge))
            found.append(Bulk("take", words("handing.take"), self._take))
            offer = Question(
                title=words("queue.assign_title"),
                hint=words("queue.assign_hint"),
                confirm=words("handing.confirm"),
                options=await who_may(self._board.container.users, Action.WORK, Resource.INCIDENT),
                options_label=words("handing.person"),
                reason=words("dialog.note"),
            )
            found.append(Bulk("assign", words("queue.assign"), ask=offer, answered=self._assign))
        if self._visit.may(Action.EDIT, Resource.SILENCE):
            hint = "queue.silence_hint_lead" if self._leads() else "queue.silence_hint"
            quiet = Question(
                title=words("queue.silence_title"),
                hint=words(hint),
                confirm=words("silences.make"),
                grave=True,
                options={
                    str(length): words.choice("queue.silence_for", str(length))
                    for length in LENGTHS
                },
                options_label=words("queue.silence_length"),
                reason=words("dialog.reason"),
                reason_required=True,
            )
            found.append(Bulk("silence", words("queue.silence"), ask=quiet, answered=self._silence))
        return tuple(found)

    def _leads(self) -> bool:
        return self._visit.may(Action.APPROVE, Resource.SILENCE)

    async def acknowledge(self, principal: Principal, ids: Sequence[str]) -> None:
        """Acknowledge each; nothing that can be done is left out because something cannot."""
        desk = self._board.container.desk

        async def deed(incident_id: str) -> None:
            await desk.act(principal, incident_id, IncidentAction.ACKNOWLEDGE)

        await self._each(ids, deed)

    async def _take(self, principal: Principal, ids: Sequence[str]) -> None:
        await self._hand(principal, ids, principal.id, None)

    async def _assign(self, principal: Principal, ids: Sequence[str], reply: Reply) -> None:
        await self._hand(principal, ids, reply.choice or "", reply.reason or None)

    async def _hand(
        self, principal: Principal, ids: Sequence[str], person: str, note: str | None
    ) -> None:
        async def deed(incident_id: str) -> None:
            await self._board.container.cases.assign(principal, incident_id, person, note=note)

        await self._each(ids, deed)

    async def _each(self, ids: Sequence[str], deed: Callable[[str], Awaitable[object]]) -> None:
        refused: list[ServiceError] = []
        for incident_id in ids:
            try:
                await deed(incident_id)
            except ServiceError as error:
                refused.append(error)
        self._board.queue.forget()
        if len(refused) == len(ids) == 1:
            raise refused[0]
        if refused:
            words = self._visit.words
            trouble = trouble_of(refused[0], words, where=self._visit.request.url.path)
            said = words(
                "queue.partly",
                done=len(ids) - len(refused),
                refused=len(refused),
                why=trouble.detail or trouble.title,
            )
            raise Conflict(said)

    async def _silence(self, principal: Principal, ids: Sequence[str], reply: Reply) -> None:
        """Silences for exactly what the selected rows are: monitor, tier and scenarios."""
        visit, silences = self._visit, self._board.container.silences
        until = visit.now() + timedelta(minutes=int(reply.choice or LENGTHS[0]))
        gravest = self._board.container.library.tiers.tiers[-1].id
        made: list[Silence] = []
        for matcher in self._matchers(ids):
            silence = await silences.make(
                principal,
                matcher,
                reason=reply.reason,
                until=until,
                gravest=gravest in matcher.tiers,
            )
            made.append(silence)

        async def take_back(actor: Principal) -> None:
            for silence in made:
                await silences.end(actor, silence.id)

        undo(visit, visit.words("queue.silenced", count=len(made)), take_back)

    def _matchers(self, ids: Sequence[str]) -> tuple[Matcher, ...]:
        words, chosen = self._visit.words, set(ids)
        scenarios: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in self._rows():
            if row.id not in chosen:
                continue
            if row.drill or row.kind is Kind.PERSON_AT_RISK:
                raise InvalidInput(words("silences.never"))
            if row.scenario is None:
                # Without a scenario it would silence everything else of the monitor as well.
                raise InvalidInput(words("queue.silence_wider", title=row.title))
            scenarios[row.monitor_id, row.tier].add(row.scenario)
        return tuple(
            Matcher(monitors=(monitor,), tiers=(tier,), scenarios=tuple(sorted(names)))
            for (monitor, tier), names in sorted(scenarios.items())
        )
