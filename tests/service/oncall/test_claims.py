from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from service.oncall.claims import Claim, claim
from service.oncall.model import (
    EVERYBODY,
    ContactChannel,
    ContactDraft,
    DutyDraft,
    Layer,
    RotaDraft,
    Target,
    TargetKind,
)
from service.oncall.roster import Roster

NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)
CHANNEL = Target(kind=TargetKind.CHANNEL, id="room")


def person(name: str) -> Target:
    return Target(kind=TargetKind.PERSON, id=name)


def contact(name: str, user: str | None) -> ContactDraft:
    return ContactDraft(id=name, name=name, channels=(ContactChannel(channel="room"),), user=user)


TURNS = Layer(members=("fa", "fa2"), starts_on=date(2026, 3, 2), shift_days=1)
ROSTER = Roster(
    contacts={
        "fa": contact("fa", "fa"),
        "fa2": contact("fa2", "fa2"),
        "no": contact("no", None),
        "left": contact("left", "left"),
    },
    rotas={"turns": RotaDraft(id="turns", name="turns", layers=(TURNS,))},
    channels=frozenset({"room"}),
    accounts={"fa": "usr_fa", "fa2": "usr_fa2", "wai": "usr_wai"},
)


def right(
    user: str,
    holder: Target,
    deputy: Target | None = None,
    *,
    called: tuple[Target, ...] = (),
    leads: bool = False,
    seats: tuple[str, ...] = (),
) -> Claim | None:
    duty = DutyDraft(id="legal", name="legal", holder=holder, deputy=deputy)
    return claim(
        replace(ROSTER, duties={"legal": duty}),
        "legal",
        user,
        called=called,
        instants=(NOW, NOW + timedelta(days=1)),
        leads=leads,
        seats=seats,
    )


@pytest.mark.parametrize(
    ("user", "holder", "deputy", "called"),
    [
        ("usr_fa", person("fa"), None, ()),
        ("usr_fa2", person("fa"), person("fa2"), ()),
        ("usr_fa2", person("fa"), None, (person("fa2"), CHANNEL, EVERYBODY)),
        ("usr_fa", Target(kind=TargetKind.ROTA, id="turns"), None, ()),
        ("usr_fa2", Target(kind=TargetKind.ROTA, id="turns"), None, ()),
    ],
)
def test_who_is_named_or_called_for_it(
    user: str, holder: Target, deputy: Target | None, called: tuple[Target, ...]
) -> None:
    assert right(user, holder, deputy, called=called) is Claim.NAMED


def test_a_lead_is_for_them() -> None:
    assert right("usr_wai", person("fa"), leads=True) is Claim.LEAD


@pytest.mark.parametrize("holder", [CHANNEL, person("no"), person("left"), person("gone")])
def test_where_no_account_is_known_the_first_who_comes_for_one_seat(holder: Target) -> None:
    assert right("usr_wai", holder) is Claim.OPEN
    assert right("usr_wai", holder, seats=("tech",)) is None


def test_nobody_else() -> None:
    assert right("usr_wai", person("fa"), person("fa2")) is None
