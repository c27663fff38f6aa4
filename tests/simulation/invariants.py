"""What must hold of the database after any run, whatever happened in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from playbooks import DeadlineKind
from playbooks.run import RunStep, StepState
from service.audit import verify
from service.db import tables
from service.errors import ServiceError
from service.incidents.lifecycle import OPEN_STATES, Action, State, transition
from service.response.effects import subject_id, timer_kind
from service.timers import timer_id
from tests.simulation.remains import Remains, Row, remains_of
from tests.simulation.world import World

SEALED_WITHIN = timedelta(minutes=2)
"""A lease of the sealer that has died and the delay before sealing."""
WIRE = timedelta(minutes=2)
"""The longest that a message is on its way: the wire is a minute long where a receiver hangs."""
_FINAL = frozenset({State.FALSE_POSITIVE, State.MERGED})
_DEADLINES = {
    DeadlineKind.WARN: "step_due_soon",
    DeadlineKind.DUE: "step_due",
    DeadlineKind.ESCALATE: "step_escalated",
}


async def violations(world: World) -> list[str]:
    """Each thing that is not as it must be, in words; none after a run that is right."""
    found = await remains_of(world)
    checks = (timers, deadlines, lifecycles, queues, pages, arrivals, alerts, escalations, silences)
    wrong = [f"{check.__name__}: {words}" for check in checks for words in check(found)]
    trail = await verify(world.database)
    if not trail.ok:
        wrong.append(f"audit: {trail.first_bad}")
    kept = await world.rows(tables.audit_entry)
    open_until = found.now - SEALED_WITHIN
    if old := [row["id"] for row in kept if row["sequence"] is None and row["at"] < open_until]:
        wrong.append(f"audit: not sealed yet: {old[:5]}")
    entries = Counter(
        (row["subject_id"], row["at"], row["actor"])
        for row in kept
        if row["subject_type"] == "incident"
    )
    told = Counter(
        (row["incident_id"], row["at"], row["actor"])
        for row in await world.rows(tables.incident_event)
        if not row["kind"].startswith("page_") or row["kind"] == "page_silenced"
    )
    if missing := told - entries:
        wrong.append(f"audit: {missing.total()} events of timelines have no entry: {missing}")
    return wrong


def timers(found: Remains) -> Iterator[str]:
    """No deadline is lost, none fires twice, each firing is one step of one generation."""
    for row in found.timers:
        if row["state"] == "pending" and row["due_at"] <= found.now:
            yield f"{row['kind']} of {row['subject_id']} was due {row['due_at']} and never fired"
        if row["state"] == "failed":
            yield f"{row['kind']} of {row['subject_id']} was given up: {row['error']}"
    states: dict[tuple[str, int], list[str]] = defaultdict(list)
    fired: Counter[tuple[str, str]] = Counter()
    for row in found.history:
        states[row["id"], row["generation"]].append(row["after"])
        if row["after"] == "fired":
            fired[row["id"], row["due_at"]] += 1
        elif row["before"] == "fired" and row["after"] == "cancelled":
            fired[row["id"], row["due_at"]] -= 1  # stale: it had no effect
    legal = (
        ["pending"],
        ["pending", "fired"],
        ["pending", "fired", "cancelled"],
        ["pending", "cancelled"],
    )
    for (timer, generation), lived in states.items():
        if lived not in legal:
            yield f"timer {timer}, generation {generation}, went {' → '.join(lived)}"
    for (timer, due_at), times in fired.items():
        if times > 1:
            yield f"timer {timer} fired {times} times for {due_at}"


def deadlines(found: Remains) -> Iterator[str]:
    """Every deadline of an open step is told of, once, or has its timer."""
    pending = {row["id"]: row for row in found.timers if row["state"] == "pending"}
    wanted = set()
    for incident_id, run in found.runs.items():
        for step in run.steps:
            for kind, at, told in _deadlines_of(step):
                timer = timer_id("step", subject_id(run.id, step.id), timer_kind(kind))
                if not step.open or not run.counts(step) or at is None or told:
                    continue
                if at <= found.now:
                    yield f"{kind} of {step.id} of {incident_id} was never told of"
                elif timer not in pending or pending[timer]["due_at"] != at:
                    yield f"{kind} of {step.id} of {incident_id} at {at} has no timer"
                wanted.add(timer)
    for row in found.timers:
        if row["kind"].startswith("step.") and row["id"] in pending.keys() - wanted:
            yield f"a timer is left for {row['kind']} of {row['subject_id']}"
    yield from _announced(found)
    mirrored = {(row["incident_id"], row["step_id"]): row["state"] for row in found.steps}
    snapshot = {
        (incident_id, step.id): step.state.value
        for incident_id, run in found.runs.items()
        for step in run.steps
    }
    if mirrored != snapshot:
        differing = mirrored.items() ^ snapshot.items()
        yield f"the table of steps says otherwise than the run: {differing}"


def _announced(found: Remains) -> Iterator[str]:
    """As many announcements as there were firings with an effect, and one message for each."""
    told = Counter(
        (incident_id, row["kind"], row["data"]["step"], row["at"])
        for incident_id, rows in found.events.items()
        for row in rows
        if row["kind"] in _DEADLINES.values()
    )
    for event, times in told.items():
        if times > 1:
            yield f"told {times} times: {event}"
    sent = Counter(
        (row["incident_id"], row["type"].replace(".", "_", 1), row["data"]["step"]["step"])
        for row in found.outbox
        if row["type"] in {"step.due_soon", "step.due", "step.escalated"}
    )
    if sent != Counter(event[:3] for event in told.elements()):
        yield "the timeline and the outbox tell of different deadlines"


def _deadlines_of(step: RunStep) -> Iterator[tuple[DeadlineKind, datetime | None, bool]]:
    breached = step.state is StepState.BREACHED
    yield DeadlineKind.WARN, step.warn_at, step.warned_at is not None or breached
    yield DeadlineKind.DUE, step.due_at, breached
    yield DeadlineKind.ESCALATE, step.escalate_at, step.escalated_at is not None


def lifecycles(found: Remains) -> Iterator[str]:
    """The moves on the timeline, made again by the pure table, lead to where the incident is."""
    names = {action.value for action in Action}
    for incident in found.incidents:
        state, at = State.NEW, incident["opened_at"]
        for row in found.events[incident["id"]]:
            if row["at"] < at:
                yield f"{incident['id']}: {row['kind']} at {row['at']} comes after {at}"
            at = row["at"]
            if row["kind"] not in names or "from" not in row["data"]:
                continue
            try:
                move = transition(state, Action(row["kind"]), reason=row["data"]["reason"])
            except ServiceError as error:
                yield f"{incident['id']}: {error}"
                break
            if (row["data"]["from"], row["data"]["to"]) != (move.before, move.after):
                yield f"{incident['id']}: {row['data']} is not {move}"
            state = move.after
        if state != incident["state"]:
            yield f"{incident['id']} is {incident['state']}, by its timeline {state}"


def queues(found: Remains) -> Iterator[str]:
    """The incident's own next deadline is that of its run; what is over asks for nothing."""
    pending = Counter(row["incident_id"] for row in found.timers if row["state"] == "pending")
    for incident in found.incidents:
        state, run = State(incident["state"]), found.runs[incident["id"]]
        dues = [step.due_at for step in run.steps if step.due_at and step.state == "pending"]
        if incident["next_due_at"] != min(dues, default=None):
            yield f"{incident['id']} is next due {incident['next_due_at']}, its run {min(dues)}"
        if state in _FINAL and pending[incident["id"]]:
            yield f"{incident['id']} is {state} and has {pending[incident['id']]} timers left"


def pages(found: Remains) -> Iterator[str]:
    """Every event has been routed; each delivery is sent, or dead or withdrawn with a reason.

    A page that was taken back before it was routed is routed to nobody.
    """
    taken = {(item.channel, message) for item in found.taken for message in item.told}
    tried = Counter(row["delivery_id"] for row in found.attempts)
    routed = {row["outbox_id"] for row in found.deliveries}
    routed |= {row["id"] for row in found.pages if row["withdrawn_at"]}
    for row in found.outbox:
        if row["routed_at"] is None:
            yield f"{row['type']} {row['id']} was never routed"
        if row["id"] not in routed and row["only_channels"] is None:
            yield f"{row['type']} {row['id']} went to nobody, and the duty channel hears everything"
    for row in found.deliveries:
        arrived = (row["channel_id"], row["outbox_id"]) in taken
        if row["state"] == "pending" and (row["next_at"] is None or row["next_at"] <= found.now):
            yield f"delivery {row['id']} to {row['channel_id']} waits for nothing"
        if row["state"] in {"dead", "withdrawn"} and not row["reason"]:
            yield f"delivery {row['id']} died without a word"
        if row["state"] == "sent" and not arrived:
            yield f"delivery {row['id']} is called sent, and {row['channel_id']} never had it"
        if tried[row["id"]] < row["attempts"]:
            yield f"delivery {row['id']} counts {row['attempts']} attempts of {tried[row['id']]}"


def arrivals(found: Remains) -> Iterator[str]:
    """At most one effect per stable id; nothing arrives that was taken back."""
    times = Counter((item.channel, message) for item in found.taken for message in item.told)
    doubled = sum(count - 1 for count in times.values())
    if doubled > found.disturbances:
        yield f"{doubled} messages came again, and only {found.disturbances} could not help it"
    withdrawn = {row["id"]: row["withdrawn_at"] for row in found.pages if row["withdrawn_at"]}
    for item in found.taken:
        for message in item.told:
            if message in withdrawn and item.at > withdrawn[message] + WIRE:
                yield f"page {message} arrived at {item.at}, withdrawn {withdrawn[message]}"
    ended = {row["id"]: row["ended_at"] for row in found.escalations if row["ended_at"]}
    over = {row["id"]: ended.get(row["escalation_id"]) for row in found.pages}
    for item in found.taken:
        for message in item.told:
            end = over.get(message)
            if end is not None and item.at > end + WIRE:
                yield f"page {message} arrived at {item.at}, its escalation was over at {end}"
    yield from _answered(found)
    same = Counter(
        (row["type"], row["incident_id"], str(row["occurred_at"]), repr(row["data"]), row["person"])
        for row in found.outbox
        if row["type"] not in {"incident.unreached", "incident.paged"}
    )
    yield from (f"{count} messages for {event[:3]}" for event, count in same.items() if count > 1)


def _answered(found: Remains) -> Iterator[str]:
    """No page of an escalation arrives that somebody had answered before it did."""
    of = {row["id"]: row for row in found.pages if row["escalation_id"] is not None}
    answers = {
        incident: [row["at"] for row in rows if row["kind"] == "acknowledge"]
        for incident, rows in found.events.items()
    }
    for item in found.taken:
        for page in (of[message] for message in item.told if message in of):
            for at in answers[page["incident_id"]]:
                if page["at"] < at and item.at > at + WIRE:
                    yield f"page {page['id']} arrived at {item.at}, acknowledged at {at}"


def alerts(found: Remains) -> Iterator[str]:
    """A pager has no alert open for what is over, unless its end could not be told there."""
    over = {row["id"] for row in found.incidents if State(row["state"]) not in OPEN_STATES}
    told = {row["id"]: row["incident_id"] for row in found.outbox}
    untold = {
        told[row["outbox_id"]]
        for row in found.deliveries
        if row["channel_id"] == "pager" and row["state"] not in {"sent", "withdrawn"}
    }
    for key, states in found.alerts.items():
        if key in over - untold and states and states[-1] != "resolved":
            yield f"{key} is over, and its alert at the pager is {states[-1]}"


def escalations(found: Remains) -> Iterator[str]:
    """An open incident has one escalation alive, which waits for something; others have none."""
    pending = {row["id"]: row for row in found.timers if row["state"] == "pending"}
    alive: dict[str, list[Row]] = defaultdict(list)
    for row in found.escalations:
        step = timer_id("escalation", row["id"], "oncall.step") in pending
        leased = timer_id("escalation", row["id"], "oncall.lease") in pending
        if row["state"] not in {"ended", "replaced"}:
            alive[row["incident_id"]].append(row)
        if step != (row["state"] == "running"):
            yield f"escalation {row['id']} is {row['state']}, its next step waits: {step}"
        if leased and row["state"] != "held":
            yield f"escalation {row['id']} is {row['state']} and has a lease"
    for incident in found.incidents:
        wanted = 1 if State(incident["state"]) in OPEN_STATES else 0
        mine = alive[incident["id"]]
        if len(mine) != wanted:
            yield f"{incident['id']} is {incident['state']} and has {len(mine)} escalations alive"
            continue
        burning = incident["state"] in {State.ACKNOWLEDGED, State.RESPONDING}
        if wanted and burning and mine[0]["state"] == "held":
            lease = timer_id("escalation", mine[0]["id"], "oncall.lease")
            if lease not in pending:
                yield f"{incident['id']} is held by {mine[0]['held_by']} for ever: no lease"
        if wanted and incident["state"] == State.NEW and mine[0]["state"] == "held":
            yield f"{incident['id']} is held and nobody has acknowledged it"


def silences(found: Remains) -> Iterator[str]:
    """Each is over in time, and that is said once."""
    said = Counter(
        row["data"]["silence"]["id"] for row in found.outbox if row["type"] == "silence.ended"
    )
    for row in found.silences:
        if row["ended_at"] is None and row["ends_at"] <= found.now:
            yield f"silence {row['id']} was to end at {row['ends_at']}"
        if said[row["id"]] != (row["ended_at"] is not None):
            yield f"the end of silence {row['id']} was told {said[row['id']]} times"
    early = {row["ends_at"]: row for row in found.silences if _ended_early(row)}
    for row in found.history:
        silence = early.get(_instant(row["due_at"]))
        if row["after"] != "fired" or silence is None or '"silence"' not in row["payload"]:
            continue
        others = [other for other in found.silences if other["id"] != silence["id"]]
        if not any(other["starts_at"] <= silence["ended_at"] for other in others):
            yield f"{row['kind']} of {row['id']} slept on after the end of {silence['id']}"
    if all(row["ended_at"] for row in found.silences):
        for row in found.timers:
            if row["state"] == "pending" and "silence" in row["payload"]:
                yield f"{row['kind']} of {row['subject_id']} waits for a silence that is over"


def _ended_early(silence: Row) -> bool:
    return silence["ended_at"] is not None and silence["ended_at"] < silence["ends_at"]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
