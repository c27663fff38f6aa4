"""Complaints: what opens them, how their clocks run, who answers, who is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nlp.causes import load_causes
from service.auth import Handles
from service.bootstrap.books import Books
from service.bootstrap.catalogue import Catalogue
from service.bootstrap.ground import Ground
from service.complaints import (
    ComplaintDesk,
    ComplaintForgetting,
    ComplaintReport,
    ComplaintRevealing,
    ComplaintRules,
    ComplaintWatch,
    Hand,
    Handling,
    Intake,
    Replies,
    RuleBook,
    Timing,
    limits_of,
)
from service.moderation import TextReader
from service.settings import ComplaintWatching
from service.statements import Linter
from service.timers import TimerHandler, Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaining:
    """The doors for people; `watch` is None where posts open nothing by themselves."""

    desk: ComplaintDesk
    handling: Handling
    replies: Replies
    report: ComplaintReport
    revealing: ComplaintRevealing
    rules: ComplaintRules
    watch: ComplaintWatch | None
    forgetting: ComplaintForgetting
    handlers: Mapping[str, TimerHandler]


def open_complaining(
    ground: Ground, *, handles: Handles, books: Books, catalogue: Catalogue, reader: TextReader
) -> Complaining:
    """Over both databases. Rehearsals, in virtual time, open none unless a setting says so."""
    database, clock, library = ground.database, ground.clock, ground.library
    rules = RuleBook(library=library, database=database, clock=clock)
    timing = Timing(timers=Timers(), rules=rules, limits=limits_of(library))
    intake = Intake(timing=timing, causes=load_causes, library=library)
    hand = Hand(database=database, clock=clock, timing=timing, rules=rules)
    brand_of = catalogue.directory.brand_of
    watching = ground.settings.complaint_watching
    watches = watching is ComplaintWatching.ALWAYS or (
        watching is ComplaintWatching.LIVE and not ground.virtual
    )
    return Complaining(
        desk=ComplaintDesk(hand, store=ground.store, intake=intake, brand_of=brand_of),
        handling=Handling(hand),
        replies=Replies(
            hand,
            library=library,
            linter=Linter(reader=reader, library=library, zone=ground.settings.zone),
        ),
        report=ComplaintReport(database=database, clock=clock),
        revealing=ComplaintRevealing(hand, store=ground.store, handles=handles),
        rules=books.complaint_rules,
        watch=ComplaintWatch(
            database=database, clock=clock, rules=rules, intake=intake, brand_of=brand_of
        )
        if watches
        else None,
        forgetting=ComplaintForgetting(database, clock=clock),
        handlers=timing.handlers(),
    )
