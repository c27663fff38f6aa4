"""`scenarios/<id>.yaml`: how a kind of crisis is recognised, and what surrounds its playbook."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from playbooks.errors import BadValue
from playbooks.mistakes import Mistake
from playbooks.schema.base import (
    SCENARIOS,
    UNCLASSIFIED,
    Content,
    Duration,
    Gloss,
    Id,
    Line,
    TemplateId,
    Text,
)


def _check_scenario(name: str) -> str:
    if name != UNCLASSIFIED and name not in SCENARIOS:
        raise BadValue(
            Mistake.UNKNOWN_SCENARIO,
            f"{name!r} is not a scenario; known: {', '.join(SCENARIOS)}, {UNCLASSIFIED}",
        )
    return name


ScenarioId = Annotated[str, AfterValidator(_check_scenario)]
"""One of the twelve, or `unclassified`."""


class LegalBasis(Content):
    """A law, its article if it is sure, and the duty that follows for the brand."""

    law: Line
    article: Line | None = None
    duty: Gloss


class Notice(Content):
    """Whom to notify, when, and within what time if the law names one."""

    authority: Gloss
    when: Gloss
    within: Duration | None = None


class NeverSay(Text):
    """Words that make it worse."""

    why: Gloss


class Afterwards(Text):
    """What to watch after the end, and how long."""

    for_: Annotated[Duration, Field(alias="for")]


class Taken(Text):
    """A matter that is this scenario's although its look may say otherwise; one scenario each."""

    matter: Id


class NotThis(Text):
    """What looks like this scenario and is another's."""

    goes_to: ScenarioId


class Scenario(Content):
    """One of the twelve scenarios, or `unclassified`.

    `checks` are asked one by one before a statement of it is published.
    """

    id: ScenarioId
    name: Text
    recognise: Text
    takes: tuple[Taken, ...] = ()
    not_this: tuple[NotThis, ...] = ()
    playbook: Id
    legal_basis: tuple[LegalBasis, ...] = ()
    notices: tuple[Notice, ...] = ()
    templates: tuple[TemplateId, ...] = ()
    checks: tuple[Gloss, ...] = ()
    never_say: tuple[NeverSay, ...] = ()
    monitor_afterwards: tuple[Afterwards, ...] = ()
