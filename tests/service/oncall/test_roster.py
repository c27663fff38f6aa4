from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from service.oncall.model import (
    EVERYBODY,
    ContactChannel,
    ContactDraft,
    DutyDraft,
    Layer,
    RotaDraft,
    Target,
    TargetKind,
    Window,
)
from service.oncall.roster import Call, Calls, Missing, Roster, calls_for

NOON = datetime(2026, 3, 3, 4, tzinfo=UTC)
NIGHT = datetime(2026, 3, 3, 17, tzinfo=UTC)
SLEEP = Window(since=time(23), until=time(7))


def contact(name: str, *channels: str, **changes: object) -> ContactDraft:
    return ContactDraft(
        id=name,
        name=name,
        channels=tuple(ContactChannel(channel=channel) for channel in channels),
        **changes,  # type: ignore[arg-type]  # of the contact's own fields
    )


def target(kind: TargetKind, name: str) -> Target:
    return Target(kind=kind, id=name)


LIN = target(TargetKind.PERSON, "lin")
DUTY = target(TargetKind.ROLE, "duty")
ROSTER = Roster(
    contacts={
        "lin": contact("lin", "lin-phone", "lin-mail", quiet=SLEEP, user="lin"),
        "rui": contact("rui", "rui-phone", "gone"),
        "none": contact("none", "gone"),
    },
    rotas={
        "night": RotaDraft(
            id="night",
            name="night",
            layers=(Layer(members=("rui",), starts_on=date(2026, 3, 1)),),
        ),
        "later": RotaDraft(
            id="later",
            name="later",
            layers=(Layer(members=("rui",), starts_on=date(2027, 3, 1)),),
        ),
    },
    duties={
        "duty": DutyDraft(id="duty", name="duty", holder=target(TargetKind.ROTA, "night")),
        "pr": DutyDraft(id="pr", name="pr", holder=target(TargetKind.CHANNEL, "room")),
    },
    channels=frozenset({"lin-phone", "lin-mail", "rui-phone", "room"}),
    accounts={"lin": "usr_lin"},
)


def called(
    *targets: Target, at: datetime = NOON, reach: int = 1, ignores_quiet: bool = False
) -> Calls:
    return calls_for(ROSTER, targets, at=at, reach=reach, ignores_quiet=ignores_quiet)


def test_a_person_is_called_at_the_preferred_channel_in_the_name_of_their_account() -> None:
    assert called(LIN).calls == (Call(channels=("lin-phone",), person="lin", user="usr_lin"),)


def test_a_wider_reach_takes_more_channels() -> None:
    assert called(LIN, reach=2).calls[0].channels == ("lin-phone", "lin-mail")


def test_a_role_leads_over_its_rota_to_who_is_on() -> None:
    assert called(DUTY).calls == (Call(channels=("rui-phone",), person="rui"),)


def test_a_role_may_be_a_channel() -> None:
    assert called(target(TargetKind.ROLE, "pr")).calls == (Call(channels=("room",)),)


def test_an_account_is_called_at_its_contact() -> None:
    found = called(target(TargetKind.ACCOUNT, "usr_lin"))
    assert found.calls == (Call(channels=("lin-phone",), person="lin", user="usr_lin"),)


@pytest.mark.parametrize(
    ("user", "missing"), [("usr_gone", Missing.LEFT), ("usr_mei", Missing.NO_CHANNEL)]
)
def test_an_account_that_is_closed_or_has_no_contact_leads_to_nobody(
    user: str, missing: Missing
) -> None:
    roster = replace(ROSTER, accounts={"lin": "usr_lin", "mei": "usr_mei"})
    wanted = [target(TargetKind.ACCOUNT, user)]
    found = calls_for(roster, wanted, at=NOON, reach=1, ignores_quiet=False)
    assert found.missing == {f"account:{user}": missing}


def test_whoever_several_targets_lead_to_is_called_once() -> None:
    assert len(called(DUTY, target(TargetKind.PERSON, "rui")).calls) == 1


def test_quiet_hours_are_kept_unless_they_are_ignored() -> None:
    assert called(LIN, at=NIGHT) == Calls(missing={"person:lin": Missing.QUIET})
    found = called(LIN, at=NIGHT, ignores_quiet=True)
    assert found.calls[0].channels == ("lin-phone", "lin-mail")


def test_a_quiet_channel_gives_way_to_the_next() -> None:
    light = ContactDraft(
        id="lin",
        name="lin",
        channels=(
            ContactChannel(channel="lin-phone", quiet=SLEEP),
            ContactChannel(channel="lin-mail"),
        ),
    )
    roster = Roster(contacts={"lin": light}, channels=ROSTER.channels)

    found = calls_for(roster, [LIN], at=NIGHT, reach=1, ignores_quiet=False)

    assert found.calls[0].channels == ("lin-mail",)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (target(TargetKind.PERSON, "nobody"), Missing.UNKNOWN),
        (target(TargetKind.ROTA, "nobody"), Missing.UNKNOWN),
        (target(TargetKind.CHANNEL, "gone"), Missing.UNKNOWN),
        (target(TargetKind.ROTA, "later"), Missing.GAP),
        (target(TargetKind.ROLE, "legal"), Missing.UNASSIGNED),
        (target(TargetKind.PERSON, "none"), Missing.NO_CHANNEL),
    ],
)
def test_why_a_target_leads_to_nobody(wanted: Target, reason: Missing) -> None:
    found = called(wanted)

    assert found.nobody
    assert found.missing == {str(wanted): reason}


def test_everybody_is_no_call_of_its_own() -> None:
    assert called(EVERYBODY) == Calls(everybody=True)
    assert not called(EVERYBODY).nobody
