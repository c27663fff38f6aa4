"""Who may do what: every role, every action, every kind of data, in one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a person or key may be; a person may be several things."""

    VIEWER = "viewer"
    RESPONDER = "responder"
    LEAD = "lead"
    LEGAL = "legal"
    REVIEWER = "reviewer"
    EXPERT = "expert"
    ANALYST = "analyst"
    CLASSIFIER = "classifier"
    ADMIN = "admin"


class Action(StrEnum):
    READ = "read"
    EDIT = "edit"
    DELETE = "delete"
    WORK = "work"
    APPROVE = "approve"
    CLOSE = "close"
    LOWER_TIER = "lower_tier"
    DECIDE = "decide"
    RUN = "run"
    EXPORT = "export"
    REVEAL = "reveal"
    APPEAL = "appeal"


class Resource(StrEnum):
    """Kinds of data. `handle` is who an author is; `person_at_risk` is private to its rota.

    To reveal data is to see the text as it was written, personal information and all; of an
    incident's post also who its author is. It takes a reason, and is audited. Approving a silence
    is to silence the gravest tier. To run a briefing is to send it through channels; to edit and
    delete is of its schedules too.
    """

    POST = "post"
    CLASSIFICATION = "classification"
    INCIDENT = "incident"
    PERSON_AT_RISK = "person_at_risk"
    PLAYBOOK = "playbook"
    STATEMENT = "statement"
    MONITOR = "monitor"
    BRAND = "brand"
    SOURCE = "source"
    CHANNEL = "channel"
    TIMER = "timer"
    DELIVERY = "delivery"
    RULE = "rule"
    LEXICON = "lexicon"
    BRIEFING = "briefing"
    SERIES = "series"
    TOPIC = "topic"
    INDICATOR = "indicator"
    REVIEW = "review"
    PANEL_REVIEW = "panel_review"
    LEGAL_REVIEW = "legal_review"
    HANDLE = "handle"
    AUDIT = "audit"
    USER = "user"
    API_KEY = "api_key"
    CONTACT = "contact"
    ROTA = "rota"
    DUTY = "duty"
    CHAIN = "chain"
    SILENCE = "silence"
    DRILL = "drill"
    RECURRING = "recurring"
    COMPLAINT = "complaint"
    COMPLAINT_RULE = "complaint_rule"
    DEPARTMENT = "department"
    CAUSE_REVIEW = "cause_review"
    RISK = "risk"
    HANDOVER = "handover"
    MODEL = "model"
    """What reads texts, and what people said of how it read them."""


_PEOPLE = frozenset(Role) - {Role.CLASSIFIER}
_WORKERS = frozenset({Role.RESPONDER, Role.LEAD, Role.LEGAL})
_ANALYSTS = frozenset({Role.ANALYST, Role.LEAD})
_ADMINS = frozenset({Role.ADMIN})
_LEADS = frozenset({Role.LEAD})
_CONFIDANTS = frozenset({Role.LEAD, Role.LEGAL})

PERMISSIONS: Mapping[tuple[Action, Resource], frozenset[Role]] = {
    **{
        (Action.READ, resource): _PEOPLE
        for resource in (
            Resource.POST,
            Resource.INCIDENT,
            Resource.PLAYBOOK,
            Resource.STATEMENT,
            Resource.MONITOR,
            Resource.BRAND,
            Resource.SOURCE,
            Resource.CHANNEL,
            Resource.TIMER,
            Resource.DELIVERY,
            Resource.RULE,
            Resource.LEXICON,
            Resource.BRIEFING,
            Resource.SERIES,
            Resource.TOPIC,
            Resource.INDICATOR,
            Resource.CONTACT,
            Resource.ROTA,
            Resource.DUTY,
            Resource.CHAIN,
            Resource.SILENCE,
            Resource.DRILL,
            Resource.RECURRING,
            Resource.COMPLAINT,
            Resource.COMPLAINT_RULE,
            Resource.DEPARTMENT,
            Resource.CAUSE_REVIEW,
            Resource.RISK,
            Resource.HANDOVER,
            Resource.MODEL,
        )
    },
    **{
        (action, resource): _LEADS | _ADMINS
        for action in (Action.EDIT, Action.DELETE)
        for resource in (
            Resource.CONTACT,
            Resource.ROTA,
            Resource.DUTY,
            Resource.CHAIN,
            Resource.RECURRING,
            Resource.DEPARTMENT,
        )
    },
    (Action.WORK, Resource.CAUSE_REVIEW): _WORKERS | _ANALYSTS,
    (Action.APPROVE, Resource.CAUSE_REVIEW): _LEADS,
    (Action.CLOSE, Resource.CAUSE_REVIEW): _LEADS,
    (Action.EDIT, Resource.SILENCE): _WORKERS,
    (Action.APPROVE, Resource.SILENCE): _LEADS,
    (Action.RUN, Resource.DRILL): _LEADS,
    (Action.WORK, Resource.RECURRING): _WORKERS,
    (Action.EDIT, Resource.RISK): _CONFIDANTS | _ADMINS,
    (Action.DELETE, Resource.RISK): _CONFIDANTS | _ADMINS,
    (Action.WORK, Resource.RISK): _WORKERS,
    (Action.RUN, Resource.HANDOVER): _LEADS,
    (Action.WORK, Resource.COMPLAINT): _WORKERS,
    (Action.EDIT, Resource.COMPLAINT_RULE): _ANALYSTS,
    (Action.DELETE, Resource.COMPLAINT_RULE): _ANALYSTS,
    (Action.DELETE, Resource.DRILL): _LEADS | _ADMINS,
    (Action.EDIT, Resource.POST): frozenset({Role.CLASSIFIER, Role.ANALYST, Role.ADMIN}),
    (Action.EDIT, Resource.SERIES): frozenset({Role.CLASSIFIER, Role.ANALYST, Role.ADMIN}),
    (Action.DELETE, Resource.SERIES): _ANALYSTS | _ADMINS,
    (Action.EXPORT, Resource.POST): _ANALYSTS | {Role.LEGAL},
    (Action.RUN, Resource.CLASSIFICATION): frozenset(Role),
    (Action.WORK, Resource.INCIDENT): _WORKERS,
    (Action.EXPORT, Resource.INCIDENT): _WORKERS | {Role.ANALYST},
    (Action.APPROVE, Resource.STATEMENT): frozenset({Role.LEAD, Role.LEGAL}),
    (Action.EDIT, Resource.STATEMENT): _WORKERS,
    (Action.APPROVE, Resource.INCIDENT): _LEADS,
    (Action.CLOSE, Resource.INCIDENT): _LEADS,
    (Action.LOWER_TIER, Resource.INCIDENT): _LEADS,
    (Action.READ, Resource.PERSON_AT_RISK): frozenset({Role.RESPONDER, Role.LEAD}),
    (Action.WORK, Resource.PERSON_AT_RISK): frozenset({Role.RESPONDER, Role.LEAD}),
    (Action.APPROVE, Resource.PERSON_AT_RISK): _LEADS,
    (Action.EDIT, Resource.MONITOR): _ANALYSTS,
    (Action.DELETE, Resource.MONITOR): _ANALYSTS,
    (Action.EDIT, Resource.BRAND): _ANALYSTS | _ADMINS,
    (Action.DELETE, Resource.BRAND): _ANALYSTS | _ADMINS,
    (Action.EDIT, Resource.SOURCE): _ADMINS,
    (Action.DELETE, Resource.SOURCE): _ADMINS,
    (Action.EDIT, Resource.CHANNEL): _ADMINS,
    (Action.DELETE, Resource.CHANNEL): _ADMINS,
    (Action.RUN, Resource.CHANNEL): _ADMINS | _LEADS,
    (Action.RUN, Resource.DELIVERY): _ADMINS | _LEADS,
    (Action.EDIT, Resource.RULE): _ANALYSTS,
    (Action.RUN, Resource.RULE): _ANALYSTS,
    (Action.EDIT, Resource.LEXICON): _ANALYSTS,
    (Action.DELETE, Resource.LEXICON): _ANALYSTS,
    (Action.EDIT, Resource.TOPIC): _ANALYSTS,
    (Action.DELETE, Resource.TOPIC): _ANALYSTS,
    (Action.EDIT, Resource.INDICATOR): _ANALYSTS,
    (Action.DELETE, Resource.INDICATOR): _ANALYSTS,
    (Action.WORK, Resource.MODEL): _WORKERS | {Role.ANALYST, Role.REVIEWER, Role.EXPERT},
    (Action.EXPORT, Resource.MODEL): _ANALYSTS | {Role.EXPERT},
    (Action.RUN, Resource.MODEL): _ANALYSTS,
    (Action.EDIT, Resource.MODEL): _LEADS | _ADMINS,
    (Action.EDIT, Resource.BRIEFING): _ANALYSTS,
    (Action.EXPORT, Resource.BRIEFING): _ANALYSTS,
    (Action.APPROVE, Resource.BRIEFING): _LEADS,
    (Action.RUN, Resource.BRIEFING): _ANALYSTS,
    (Action.DELETE, Resource.BRIEFING): _ANALYSTS,
    (Action.READ, Resource.REVIEW): frozenset({Role.REVIEWER, Role.EXPERT, Role.LEGAL, Role.LEAD}),
    (Action.WORK, Resource.REVIEW): frozenset({Role.REVIEWER, Role.EXPERT, Role.LEGAL}),
    (Action.DECIDE, Resource.REVIEW): frozenset({Role.REVIEWER, Role.EXPERT}),
    (Action.DECIDE, Resource.PANEL_REVIEW): frozenset({Role.EXPERT}),
    (Action.APPEAL, Resource.REVIEW): frozenset({Role.CLASSIFIER, Role.LEAD}),
    (Action.EXPORT, Resource.REVIEW): frozenset({Role.ANALYST, Role.EXPERT, Role.LEAD}),
    (Action.DECIDE, Resource.LEGAL_REVIEW): frozenset({Role.LEGAL}),
    (Action.REVEAL, Resource.HANDLE): _CONFIDANTS,
    (Action.REVEAL, Resource.POST): _CONFIDANTS,
    (Action.REVEAL, Resource.INCIDENT): _CONFIDANTS,
    (Action.REVEAL, Resource.COMPLAINT): _CONFIDANTS,
    (Action.REVEAL, Resource.PERSON_AT_RISK): frozenset({Role.RESPONDER, Role.LEAD}),
    (Action.REVEAL, Resource.REVIEW): frozenset({Role.REVIEWER, Role.EXPERT, Role.LEGAL}),
    (Action.READ, Resource.AUDIT): frozenset({Role.LEAD, Role.LEGAL, Role.ADMIN}),
    (Action.READ, Resource.USER): _ADMINS,
    (Action.EDIT, Resource.USER): _ADMINS,
    (Action.READ, Resource.API_KEY): _ADMINS,
    (Action.EDIT, Resource.API_KEY): _ADMINS,
    (Action.DELETE, Resource.API_KEY): _ADMINS,
}
"""A pair that is not here is allowed to nobody."""


def allows(roles: Iterable[Role], action: Action, resource: Resource) -> bool:
    """Does one of the roles allow the action on that kind of data?"""
    return not PERMISSIONS.get((action, resource), frozenset()).isdisjoint(roles)
