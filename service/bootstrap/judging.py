"""What is told to callers of their texts, and what people then do: judgement and review."""

from __future__ import annotations

from dataclasses import dataclass

from service.auth import KeyRing
from service.bootstrap.ground import Ground
from service.bootstrap.responding import Responding
from service.moderation import Judgement, TextReader, load_policies
from service.moderation.accounts import Accounts
from service.moderation.aftermath import Aftermath
from service.moderation.holds import Holds
from service.moderation.review import (
    AuthorVerdicts,
    Consequences,
    HoldVerdicts,
    ReviewOffice,
    keyed_draw,
    open_office,
)
from service.moderation.sightings import Sightings


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """The machine's verdicts and the lines of people behind it."""

    accounts: Accounts
    review: ReviewOffice
    judgement: Judgement


def open_judging(
    ground: Ground, *, keyring: KeyRing, reader: TextReader, responding: Responding
) -> Judging:
    """Raises BadPolicies."""
    settings, database, clock = ground.settings, ground.database, ground.clock
    policies = load_policies(settings.policies_dir)
    holds = Holds(database, clock=clock)
    accounts = Accounts(database, clock=clock)
    patrol_key = keyring.pseudonym("fengsui", "patrol").encode()
    review = open_office(
        settings,
        database=database,
        clock=clock,
        timers=responding.timers,
        consequences=Consequences(holds=HoldVerdicts(holds), authors=AuthorVerdicts(accounts)),
        alarm=responding.backlogs,
        draw=keyed_draw(patrol_key, rate=settings.patrol_rate),
        random=ground.chance,
    )
    judgement = Judgement(
        policies=policies,
        holds=holds,
        accounts=accounts,
        reader=reader,
        clock=clock,
        pseudonym=keyring.pseudonym,
        aftermath=Aftermath(
            database,
            holds=holds,
            accounts=accounts,
            intake=review.intake,
            patrol=review.patrol,
            at_risk=Sightings(database, clock=clock, people=responding.people_at_risk),
        ),
    )
    return Judging(accounts=accounts, review=review, judgement=judgement)
