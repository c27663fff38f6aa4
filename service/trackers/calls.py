"""Calls to trackers, filled in by their mapping."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from service.delivery.asking import Asking
from service.delivery.channels.template import fill
from service.trackers.answers import Outcome, Said, judged, told
from service.trackers.filling import safe
from service.trackers.model import Handover, Heard
from service.trackers.tracker import Call, Tracker


class Calls:
    """One request after the other; never raises for what a tracker does."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def call(
        self, tracker: Tracker, call: Call, given: Mapping[str, str], *, at: datetime
    ) -> Said:
        """Ask, and say what the answer means. `given` are the words that templates may name."""
        form = tracker.form
        if tracker.token is None:
            said = f"the variable {form.token_env} is not set: nobody signs in there"
            return Said(outcome=Outcome.AGAIN, text=said)
        words = tracker.words(given)
        path = fill(call.path, {name: quote(word, safe="") for name, word in words.items()})
        headers = fill(form.headers, {**form.values, "token": tracker.token})
        answer = await self._asking.ask(
            call.method,
            form.address + path,
            headers={"idempotency-key": given["handover"], **headers},
            body=None if call.body is None else fill(call.body, words),
            secrets=(tracker.token,),
        )
        return judged(tracker, answer, at=at)

    async def read(
        self, tracker: Tracker, handover: Handover, *, at: datetime
    ) -> tuple[Said, Heard | None]:
        """How its ticket stands; without a word of it the answer was none."""
        said = await self.call(tracker, tracker.form.read, words_of(tracker, handover), at=at)
        if said.outcome is Outcome.GONE:
            return said, Heard(key=handover.key, word=None, standing=None, at=None, deleted=True)
        if said.outcome is not Outcome.TAKEN:
            return said, None
        return said, told(tracker, tracker.form.read, said.body, key=handover.key)


def words_of(tracker: Tracker, handover: Handover) -> dict[str, str]:
    """What templates may name of a hand-over."""
    given = {**handover.fields, "handover": handover.id, "key": handover.key or ""}
    return safe(given, tracker.form.markup)
