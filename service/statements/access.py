"""Who may do what with statements, and what is told to whoever acted on an older wording."""

from __future__ import annotations

from collections.abc import Sequence

from service.auth import Action, Principal, Resource
from service.errors import Conflict, Forbidden, InvalidInput
from service.incidents import Incident
from service.incidents.desk import require as require_incident
from service.statements.lifecycle import Capacity
from service.statements.model import Edition, Fact, Statement

_ROLES = {Capacity.LEAD: "lead", Capacity.LEGAL: "legal"}
TEXT_MAX, TITLE_MAX, NOTE_MAX, VALUE_MAX = 20_000, 200, 5_000, 2_000
_FACTS_MAX, _VALUES_MAX = 100, 50


def require(principal: Principal, action: Action, incident: Incident) -> None:
    """Raise Forbidden unless they may, on the statements of that incident."""
    require_incident(principal, Action.READ, incident)
    principal.require(action, Resource.STATEMENT, monitor=incident.monitor_id)


def sees_private(principal: Principal) -> bool:
    """Whether statements about a person at risk are among those that they see."""
    return principal.may(Action.READ, Resource.PERSON_AT_RISK)


def require_capacity(principal: Principal, capacity: Capacity) -> None:
    """Raise Forbidden unless they have that role, and are a person who is signed in."""
    principal.require_person("people approve a statement, signed in by themselves")
    if _ROLES[capacity] not in {role.value for role in principal.roles}:
        raise Forbidden(f"{principal.name} does not approve as {capacity.value}")


def check_version(
    statement: Statement, version: int | None, editions: Sequence[Edition] = ()
) -> None:
    """Raise Conflict saying what changed since `version`; None skips the check."""
    if version is None or version == statement.version:
        return
    newer = [edition for edition in editions if edition.version > version]
    wordings = "".join(
        f"; wording {item.number} is by {item.by}" + (f" ({item.note})" if item.note else "")
        for item in newer
    )
    raise Conflict(
        f"statement {statement.id} has changed since version {version}: it is "
        f"{statement.state.value}, wording {statement.edition}, "
        f"version {statement.version}{wordings}",
        errors=[
            (f"editions.{item.number}", f"{item.by} at {item.at.isoformat()}") for item in newer
        ],
    )


def check_sizes(
    *,
    title: str | None = None,
    text: str | None = None,
    note: str | None = None,
    values: dict[str, str] | None = None,
    facts: Sequence[Fact] | None = None,
) -> None:
    """Raise InvalidInput with every mistake."""
    problems: list[tuple[str, str]] = []
    for name, given, most in (
        ("title", title, TITLE_MAX),
        ("text", text, TEXT_MAX),
        ("note", note, NOTE_MAX),
    ):
        if given is not None and len(given) > most:
            problems.append((name, f"{len(given)} characters; at most {most}"))
    if title is not None and not title.strip():
        problems.append(("title", "give it a title"))
    if text is not None and not text.strip():
        problems.append(("text", "a statement has a text"))
    for name, value in (values or {}).items():
        if len(value) > VALUE_MAX:
            problems.append((f"values.{name}", f"at most {VALUE_MAX} characters"))
    if len(values or {}) > _VALUES_MAX:
        problems.append(("values", f"at most {_VALUES_MAX}"))
    if len(facts or ()) > _FACTS_MAX:
        problems.append(("facts", f"at most {_FACTS_MAX}"))
    for place, fact in enumerate(facts or ()):
        for name, said in (("text", fact.text), ("source", fact.source)):
            if not 1 <= len(said.strip()) <= VALUE_MAX:
                problems.append((f"facts.{place}.{name}", f"1 to {VALUE_MAX} characters"))
    if problems:
        raise InvalidInput("this statement cannot be saved", errors=problems)
