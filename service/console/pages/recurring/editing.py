"""A recurring duty as a form, or one that is not there yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from playbooks import Role
from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.console.forms import Form, Stored, Values
from service.console.pages.oncall.overview import Names
from service.console.pages.oncall.roles import target_of
from service.console.pages.recurring import place
from service.console.session import Visit
from service.console.theme import plain
from service.errors import InvalidInput
from service.oncall.model import Target, TargetKind
from service.recurring import Recurring, RecurringDraft

_NEW = Stored(
    values={
        "every_months": "3",
        "day": "5",
        "working_day": True,
        "at": "10:00",
        "zone": "Asia/Shanghai",
        "warn_days": "7",
        "escalate_days": "3",
    }
)


class DutyForm:
    """Draws the form, and saves what was sent."""

    def __init__(
        self, container: Container, visit: Visit, names: Names, duty: Recurring | None
    ) -> None:
        self._container = container
        self._visit = visit
        self._names = names
        self._duty = duty

    def draw(self) -> None:
        """The fields of the duty."""
        visit, words, duty = self._visit, self._visit.words, self._duty
        stored = _NEW if duty is None else _stored(duty)
        name = "recurring-new" if duty is None else f"recurring-{duty.id}"
        form = Form(
            visit, name, stored=stored, save=self._save, reread=None if duty is None else self._read
        )
        form.said = words("recurring.saved")
        if duty is None:
            form.after = place.LIST
        targets = self._targets()
        with form:
            if duty is None:
                form.text(
                    "id", words("recurring.id"), hint=words("recurring.id_hint"), required=True
                )
            form.text("name", words("recurring.name"), required=True, longest=200)
            form.choice("owner", words("recurring.owner"), targets)
            hint = words("recurring.deputy_hint")
            form.choice("deputy", words("recurring.deputy"), targets, hint=hint, required=False)
            form.day("starts_on", words("recurring.starts_on"), required=True)
            form.number("every_months", words("recurring.every_months"), required=True)
            form.number("day", words("recurring.day"), required=True)
            form.yes("working_day", words("recurring.by_working_day"))
            form.text("at", words("recurring.at"), kind="time", required=True)
            form.text("zone", words("recurring.zone"), required=True, longest=64)
            form.number("warn_days", words("recurring.warn_days"), required=True)
            form.number("escalate_days", words("recurring.escalate_days"), required=True)
            form.long_text("instructions", words("recurring.instructions"), longest=4_000, rows=4)
            if visit.may(Action.EDIT, Resource.RECURRING):
                form.submit(words("recurring.save"))
            else:
                plain(words("recurring.may_not_edit"), "p", "soft")

    def _targets(self) -> Mapping[str, str]:
        """Whom a duty may name; the ones that it names now are among them."""
        words, duty = self._visit.words, self._duty
        found = [
            *(Target(kind=TargetKind.ROLE, id=role.value) for role in Role),
            *(Target(kind=TargetKind.PERSON, id=name) for name in self._names.people),
            *(Target(kind=TargetKind.ROTA, id=name) for name in self._names.rotas),
            *(Target(kind=TargetKind.CHANNEL, id=name) for name in self._names.channels),
            Target(kind=TargetKind.EVERYBODY),
        ]
        if duty is not None:
            found += [item for item in (duty.owner, duty.deputy) if item is not None]
        return {str(item): self._names.of(item, words) for item in found}

    async def _read(self, _principal: Principal) -> Stored:
        duty = self._duty
        if duty is None:
            return _NEW
        self._duty = await self._container.recurring.get(duty.id)
        return _stored(self._duty)

    async def _save(self, principal: Principal, values: Values) -> None:
        duty, words = self._duty, self._visit.words
        starts_on = values.day("starts_on")
        deputy = values.optional("deputy")
        draft = RecurringDraft(
            id=values.text("id") if duty is None else duty.id,
            name=values.text("name"),
            owner=target_of(values.text("owner")),
            deputy=None if deputy is None else target_of(deputy),
            starts_on=starts_on or date(2000, 1, 1),
            every_months=values.whole("every_months") or 0,
            day=values.whole("day") or 0,
            working_day=values.yes("working_day"),
            at=_time(values.text("at"), words("recurring.no_time")),
            zone=values.text("zone"),
            warn_days=_whole(values, "warn_days"),
            escalate_days=_whole(values, "escalate_days"),
            instructions=values.text("instructions"),
        )
        version = 0 if duty is None else values.version
        await self._container.recurring.put(principal, draft, version=version)


def _stored(duty: Recurring) -> Stored:
    values: dict[str, object] = {
        "name": duty.name,
        "owner": str(duty.owner),
        "deputy": "" if duty.deputy is None else str(duty.deputy),
        "starts_on": duty.starts_on,
        "every_months": duty.every_months,
        "day": duty.day,
        "working_day": duty.working_day,
        "at": f"{duty.at:%H:%M}",
        "zone": duty.zone,
        "warn_days": duty.warn_days,
        "escalate_days": duty.escalate_days,
        "instructions": duty.instructions,
    }
    return Stored(values=values, version=duty.version)


def _whole(values: Values, path: str) -> int:
    number = values.whole(path)
    return -1 if number is None else number


def _time(text: str, said: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(said, errors=[("at", said)]) from error
