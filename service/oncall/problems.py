"""What is wrong with a draft: every mistake as (path, message), before anything is saved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

from playbooks import Role
from service.oncall.model import (
    EVERY_DAY,
    MINUTES_MAX,
    ChainDraft,
    ContactDraft,
    DutyDraft,
    Layer,
    RotaDraft,
    Target,
    TargetKind,
    Window,
    zone_of,
)
from service.oncall.roster import Roster

Problem = tuple[str, str]
MOST = 50
"""Channels of a person, layers, members, steps and targets: more is a mistake."""
MOST_OVERRIDES = 500
MOST_PAGES = 500
"""Of one chain before it begins anew."""
_MONDAY = date(2024, 1, 1)


def contact_problems(draft: ContactDraft, known: Roster) -> Iterator[Problem]:
    """Channels and account that are not there, windows and zones that mean nothing."""
    yield from _zone(draft.zone)
    yield from _window("quiet", draft.quiet)
    if not 1 <= len(draft.channels) <= MOST:
        yield "channels", f"1 to {MOST} channels, the preferred one first"
    for place, item in enumerate(draft.channels):
        if item.channel not in known.channels:
            yield f"channels[{place}]", _no("channel", item.channel, known.channels)
        yield from _window(f"channels[{place}].quiet", item.quiet)
    if draft.user is not None and draft.user not in known.accounts:
        yield "user", f"no account is named {draft.user!r}"


def rota_problems(draft: RotaDraft, known: Roster) -> Iterator[Problem]:
    """People who are not there, shifts of no length, overrides that end before they begin."""
    yield from _zone(draft.zone)
    if not 1 <= len(draft.layers) <= MOST:
        yield "layers", f"1 to {MOST} layers; the first that has somebody counts"
    for place, layer in enumerate(draft.layers):
        yield from _layer(f"layers[{place}]", layer, known)
    if len(draft.overrides) > MOST_OVERRIDES:
        yield "overrides", f"at most {MOST_OVERRIDES}: take out those that are over"
    for place, override in enumerate(draft.overrides):
        path = f"overrides[{place}]"
        if override.person not in known.contacts:
            yield f"{path}.person", _no("contact", override.person, known.contacts)
        if override.until <= override.since:
            yield f"{path}.until", "ends before it begins"


def duty_problems(draft: DutyDraft, known: Roster) -> Iterator[Problem]:
    """A role of no playbook, or one that is given to a role again."""
    if draft.id not in set(Role):
        yield "id", f"no playbook role {draft.id!r}; there are {', '.join(sorted(Role))}"
    for path, target in (("holder", draft.holder), ("deputy", draft.deputy)):
        if target is None:
            continue
        if target.kind in (TargetKind.ROLE, TargetKind.EVERYBODY):
            yield path, "name a person, a rota or a channel"
        else:
            yield from _target(path, target, known)
    if draft.deputy is not None and draft.deputy == draft.holder:
        yield "deputy", "the holder again; name somebody else"


def chain_problems(
    draft: ChainDraft, known: Roster, *, tiers: Collection[str]
) -> Iterator[Problem]:
    """A tier that is not there, steps without targets, durations out of range."""
    yield from _zone(draft.zone)
    tier, _, role = draft.id.rpartition(".")
    if draft.id not in tiers and (tier not in tiers or role not in set(Role)):
        yield (
            "id",
            "a chain has the id of its tier, or of tier and role as in red.legal: "
            f"{_no('tier', draft.id, tiers)}; roles are {', '.join(sorted(Role))}",
        )
    if not 1 <= draft.repeat <= 10:
        yield "repeat", "1 to 10"
    if draft.anew is not None and not 0 <= draft.anew <= 100:
        yield "anew", "0 to 100 times"
    if draft.rest_min:
        yield from _minutes("rest_min", draft.rest_min, least=30)
    for name in ("again_min", "lease_min", "reach_min", "seat_min"):
        yield from _minutes(name, getattr(draft, name), least=1)
    if not 1 <= len(draft.steps) <= MOST:
        yield "steps", f"1 to {MOST} steps"
    for place, step in enumerate(draft.steps):
        path = f"steps[{place}]"
        # Only the first may follow at once: of two in one instant the first is for nothing.
        yield from _minutes(f"{path}.wait_min", step.wait_min, least=1 if place else 0)
        yield from _window(f"{path}.window", step.window)
        if not 1 <= len(step.notify) <= MOST:
            yield f"{path}.notify", f"1 to {MOST} targets"
        for index, target in enumerate(step.notify):
            yield from _target(f"{path}.notify[{index}]", target, known)
    pages = draft.repeat * sum(len(step.notify) for step in draft.steps)
    if pages > MOST_PAGES:
        yield "steps", f"{pages} targets in all rounds; at most {MOST_PAGES}"
    if (closed := _closed_at([step.window for step in draft.steps])) is not None:
        yield (
            "steps",
            f"nobody is paged on day {closed.isoweekday()} (1 is Monday) at {closed:%H:%M}: "
            "leave a step without a window, or add one for these hours",
        )


def _closed_at(windows: Sequence[Window | None]) -> datetime | None:
    """A local time of the week at which every window is closed; None when there is none.

    Such hours begin where a window ends, so only there is looked.
    """
    kept = [window for window in windows if window is not None]
    zoned = [each for each in kept if each.since.tzinfo or each.until.tzinfo]
    if zoned or len(kept) < len(windows):
        return None
    for window in kept:
        over = window.until <= window.since
        for day in set(window.days) & set(EVERY_DAY):
            at = datetime.combine(_MONDAY + timedelta(days=day - 1 + over), window.until)
            if not any(each.holds(at) for each in kept):
                return at
    return None


def _layer(path: str, layer: Layer, known: Roster) -> Iterator[Problem]:
    if not 1 <= len(layer.members) <= MOST:
        yield f"{path}.members", f"1 to {MOST} people"
    for index, member in enumerate(layer.members):
        if member not in known.contacts:
            yield f"{path}.members[{index}]", _no("contact", member, known.contacts)
    if not 1 <= layer.shift_days <= 366:
        yield f"{path}.shift_days", "1 (daily) to 366 days; 7 is weekly"
    if layer.hand_over.tzinfo is not None:
        yield f"{path}.hand_over", "a time without a zone: it is the rota's"
    yield from _window(f"{path}.window", layer.window)


def _target(path: str, target: Target, known: Roster) -> Iterator[Problem]:
    if target.kind is TargetKind.EVERYBODY:
        if target.id:
            yield path, "everybody has no id"
        return
    if target.kind is TargetKind.ROLE:
        if target.id not in set(Role):
            yield path, f"no playbook role {target.id!r}; there are {', '.join(sorted(Role))}"
        return
    there: Collection[str] = {
        TargetKind.PERSON: known.contacts,
        TargetKind.ROTA: known.rotas,
        TargetKind.CHANNEL: known.channels,
        TargetKind.ACCOUNT: known.accounts.values(),
    }[target.kind]
    if target.id not in there:
        yield path, _no(target.kind.value, target.id, there)


def _window(path: str, window: Window | None) -> Iterator[Problem]:
    if window is None:
        return
    days = set(window.days)
    if not days or not days <= set(EVERY_DAY) or len(days) < len(window.days):
        yield f"{path}.days", "days of the week, 1 (Monday) to 7, each once"
    if window.since.tzinfo is not None or window.until.tzinfo is not None:
        yield path, "times without a zone"


def _zone(name: str) -> Iterator[Problem]:
    try:
        zone_of(name)
    except ValueError as error:
        yield "zone", str(error)


def _minutes(path: str, minutes: int, *, least: int) -> Iterator[Problem]:
    if not least <= minutes <= MINUTES_MAX:
        days = timedelta(minutes=MINUTES_MAX).days
        yield path, f"{least} to {MINUTES_MAX} minutes ({days} days)"


def _no(what: str, name: str, known: Collection[str]) -> str:
    return f"no {what} {name!r}; there are {', '.join(sorted(known)) or 'none'}"
