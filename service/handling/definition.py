"""The measures of handling, each defined once: from when, until when, whose step, which target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from service.indicators.records import FIRST_ANSWER

LEAST = 5
"""Fewer cases say nothing: the figure is left out, their number is shown."""


class Measure(StrEnum):
    """In the order in which things happen."""

    DETECT = "detect"
    ACKNOWLEDGE = "acknowledge"
    FIRST_RESPONSE = "first_response"
    STATEMENT = "statement"
    CONTAIN = "contain"
    RESOLVE = "resolve"
    HANDLING = "handling"


class Start(StrEnum):
    """The two clocks: the public's, and ours."""

    FIRST_POST = "first_post"
    OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One measure. `steps` say whose it is: the role of the first of them that the run has."""

    name: Mapping[str, str]
    since: Start
    until: str
    steps: tuple[str, ...] = ()
    target: timedelta | None = None


STATEMENTS = ("holding_statement", "clarification_published", "apology_published")
"""The steps by which a statement goes out."""

DEFINITIONS: Mapping[Measure, Definition] = {
    Measure.DETECT: Definition(
        name={"zh": "发现用时", "en": "time to detect"},
        since=Start.FIRST_POST,
        until="the incident was opened",
        steps=("detected", "outage_detected"),
    ),
    Measure.ACKNOWLEDGE: Definition(
        name={"zh": "接警用时", "en": "time to acknowledge"},
        since=Start.OPENED,
        until="somebody acknowledged it",
        steps=("acknowledge",),
    ),
    Measure.FIRST_RESPONSE: Definition(
        name={"zh": "首次回应用时", "en": "time to first response"},
        since=Start.OPENED,
        until=f"the step {FIRST_ANSWER} was done",
        steps=(FIRST_ANSWER,),
    ),
    Measure.STATEMENT: Definition(
        name={"zh": "首份声明用时", "en": "time to statement"},
        since=Start.OPENED,
        until=f"a statement was published, or one of the steps {', '.join(STATEMENTS)} was done",
        steps=STATEMENTS,
    ),
    Measure.CONTAIN: Definition(
        name={"zh": "平息用时", "en": "time to contain"},
        since=Start.FIRST_POST,
        until="negative volume and share were back inside the baseline",
        steps=("contained",),
        target=timedelta(hours=48),
    ),
    Measure.RESOLVE: Definition(
        name={"zh": "解决用时", "en": "time to resolve"},
        since=Start.FIRST_POST,
        until="it was resolved",
    ),
    Measure.HANDLING: Definition(
        name={"zh": "处置时长", "en": "handling time"},
        since=Start.OPENED,
        until="it was resolved",
        target=timedelta(hours=4, minutes=12),
    ),
}
