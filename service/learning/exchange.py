"""What a switch does to the lexicon, the rules and the model, and how it is undone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Principal
from service.errors import Conflict
from service.learning import repository
from service.learning.candidate import Candidate, Kind
from service.learning.errors import Altered
from service.learning.repository import Switch
from service.learning.serving import Open, open_switched
from service.lexicon import LexiconDesk
from service.lexicon import repository as lexicon_rows
from service.rules import RuleDesk, rule_id_of
from service.rules import repository as rule_rows

State = Mapping[str, Any] | None


class Exchange:
    """Works inside the caller's transaction, through the desks that people edit with."""

    def __init__(
        self,
        *,
        lexicon: LexiconDesk,
        rules: RuleDesk,
        open_at: Open,
        settled: str | None,
        threads: bool = True,
    ) -> None:
        """`settled` is the fingerprint of the settings' model, None where none is served there."""
        self._lexicon = lexicon
        self._rules = rules
        self._open = open_at
        self._settled = settled
        self._threads = threads

    async def make(
        self, connection: AsyncConnection, actor: Principal, candidate: Candidate, *, reason: str
    ) -> tuple[State, State]:
        """(what served before, what serves after). Raises Conflict where nothing would change."""
        match candidate.kind:
            case Kind.ENCODER:
                return await self._load(connection, candidate)
            case Kind.LEXICON:
                return await self._lay_words(connection, actor, candidate, reason=reason)
            case Kind.RULES:
                return await self._lay_rules(connection, actor, candidate)

    async def undo(
        self, connection: AsyncConnection, actor: Principal, switch: Switch, *, reason: str
    ) -> State:
        """What serves after the switch was taken back. Raises Altered where others edited since."""
        before, after = switch.before, switch.after or {}
        match switch.kind:
            case Kind.ENCODER:
                await self._open_aside(before)
                return before
            case Kind.LEXICON:
                await lexicon_rows.lock(connection)
                number = await lexicon_rows.head(connection)
                if await _words_of(connection, number) != await _words_of(
                    connection, after["version"]
                ):
                    raise Altered(
                        f"the lexicon is at version {number}, and switch {switch.number} made "
                        f"{after['version']}: it was edited since. Roll it back by hand "
                        "(`POST /v1/lexicon/rollback`), or change the entries; "
                        "`fengsui models back --kind` takes back a switch of another kind"
                    )
                version = (before or {})["version"]
                saved = await self._lexicon.roll_back_in(connection, actor, version, reason=reason)
                return {"version": saved.number}
            case Kind.RULES:
                return await self._restore_rules(connection, actor, switch)

    async def _load(self, connection: AsyncConnection, candidate: Candidate) -> tuple[State, State]:
        last = await repository.last_of(connection, Kind.ENCODER)
        before = None if last is None else last.after
        if before is None:
            serves = candidate.fingerprint == self._settled
        else:
            # The same model in another folder is a way out where its first folder was lost.
            serves = (candidate.fingerprint, candidate.place) == (
                before["fingerprint"],
                before["place"],
            )
        if serves:
            raise Conflict(f"{candidate.name} serves already")
        after = {
            "place": candidate.place,
            "name": candidate.name,
            "fingerprint": candidate.fingerprint,
        }
        # What this process cannot load, no replica should try.
        await self._open_aside(after)
        return before, after

    async def _open_aside(self, after: State) -> None:
        if self._threads:
            await asyncio.to_thread(open_switched, after, self._open)
        else:
            open_switched(after, self._open)

    async def _lay_words(
        self, connection: AsyncConnection, actor: Principal, candidate: Candidate, *, reason: str
    ) -> tuple[State, State]:
        if candidate.words is None:
            raise Altered(f"{candidate.name} has no rows any more; evaluate the file again")
        # Before anything is read: an edit in between would be lost on the way back.
        await lexicon_rows.lock(connection)
        before = await lexicon_rows.head(connection)
        report = await self._lexicon.import_in(
            connection, actor, candidate.words, reason=reason[:1_000]
        )
        if report.saved is None:
            raise Conflict(f"{candidate.name} serves already: none of its rows is new")
        return {"version": before}, {"version": report.saved.number}

    async def _lay_rules(
        self, connection: AsyncConnection, actor: Principal, candidate: Candidate
    ) -> tuple[State, State]:
        await rule_rows.lock(connection)
        present = await rule_rows.every(connection)
        saved = await self._rules.apply(connection, actor, candidate.rules)
        names = [rule_id_of(document) for document in candidate.rules]
        before = {name: _data(present, name) for name in names}
        laid = await rule_rows.every(connection)
        after = {name: _data(laid, name) for name in names}
        if not saved or before == after:
            raise Conflict(f"{candidate.name} is in force already")
        return {"overlays": before}, {"overlays": after}

    async def _restore_rules(
        self, connection: AsyncConnection, actor: Principal, switch: Switch
    ) -> State:
        await rule_rows.lock(connection)
        present = await rule_rows.every(connection)
        made = (switch.after or {})["overlays"]
        if others := sorted(name for name in made if _data(present, name) != made[name]):
            raise Altered(
                f"somebody has changed {', '.join(others)} since switch {switch.number}; change "
                "the rules back one by one; `fengsui models back --kind` takes back a switch of "
                "another kind"
            )
        back = (switch.before or {})["overlays"]
        await self._rules.restore(connection, actor, back)
        return {"overlays": back}


async def _words_of(connection: AsyncConnection, number: int) -> int:
    """The version whose entries that one has: a roll back makes a new one of old entries."""
    while number:
        version = await lexicon_rows.version(connection, number)
        if version.restored is None:
            break
        number = version.restored
    return number


def _data(overlays: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    overlay = overlays.get(name)
    return None if overlay is None else dict(overlay.data)
