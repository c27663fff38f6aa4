from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from service.auth import SYSTEM, KeyRing
from service.bootstrap.books import Books
from service.db import tables
from service.errors import Conflict, InvalidInput
from service.monitors import BadConfig, Brands, Importer, Monitors, SaveChange, Sources
from service.oncall import ChainDraft, ContactDraft, DutyDraft, RotaDraft
from service.oncall.books import load_roster
from service.oncall.model import (
    EVERY_DAY,
    EVERYBODY,
    ChainStep,
    ContactChannel,
    Layer,
    Override,
    Target,
    TargetKind,
    Window,
)
from service.oncall.problems import chain_problems
from service.oncall.roster import Roster
from service.rules import RuleDesk
from tests.support.oncall_scene import OncallScene

NO_DAY = Window(since=time(9), until=time(18), days=())


def person(name: str) -> Target:
    return Target(kind=TargetKind.PERSON, id=name)


def paths(error: InvalidInput) -> list[str]:
    return [path for path, _ in error.errors]


async def test_what_is_saved_is_what_is_read(scene: OncallScene) -> None:
    await scene.add_person("lin", "lin-phone", quiet=Window(since=time(23), until=time(7)))
    layer = Layer(members=("lin",), starts_on=date(2026, 3, 2), shift_days=7)
    override = Override(
        person="lin",
        since=datetime(2026, 3, 4, tzinfo=UTC),
        until=datetime(2026, 3, 5, tzinfo=UTC),
    )
    draft = RotaDraft(id="night", name="夜班", layers=(layer,), overrides=(override,))

    saved = await scene.books.rotas.put(SYSTEM, draft)
    again = await scene.books.rotas.put(SYSTEM, draft)

    assert (saved.change, again.change) == (SaveChange.CREATED, SaveChange.UNCHANGED)
    async with scene.database.read() as connection:
        roster = await load_roster(connection)
    assert roster.rotas["night"] == draft
    assert roster.contacts["lin"].quiet == Window(since=time(23), until=time(7))
    assert (await scene.books.rotas.page()).items[0].version == 1


async def test_a_contact_names_channels_and_an_account_that_are_there(local: OncallScene) -> None:
    draft = ContactDraft(
        id="lin",
        name="lin",
        channels=(ContactChannel(channel="none", quiet=NO_DAY),),
        zone="Mars/Olympus",
        user="nobody",
    )

    with pytest.raises(InvalidInput) as refused:
        await local.books.contacts.put(SYSTEM, draft)

    assert paths(refused.value) == ["zone", "channels[0]", "channels[0].quiet.days", "user"]


async def test_a_rota_names_people_who_are_there(local: OncallScene) -> None:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    layer = Layer(members=("none",), starts_on=date(2026, 3, 2), shift_days=0)
    draft = RotaDraft(
        id="r",
        name="r",
        layers=(layer, Layer(members=(), starts_on=date(2026, 3, 2))),
        overrides=(Override(person="none", since=at, until=at),),
    )

    with pytest.raises(InvalidInput) as refused:
        await local.books.rotas.put(SYSTEM, draft)

    assert paths(refused.value) == [
        "layers[0].members[0]",
        "layers[0].shift_days",
        "layers[1].members",
        "overrides[0].person",
        "overrides[0].until",
    ]


async def test_a_duty_is_a_playbook_role_held_by_somebody(local: OncallScene) -> None:
    draft = DutyDraft(
        id="king", name="king", holder=Target(kind=TargetKind.EVERYBODY), deputy=person("none")
    )

    with pytest.raises(InvalidInput) as refused:
        await local.books.duties.put(SYSTEM, draft)

    assert paths(refused.value) == ["id", "holder", "deputy"]


async def test_the_deputy_is_somebody_else(local: OncallScene) -> None:
    await local.add_person("lin", "lin-phone")

    with pytest.raises(InvalidInput) as refused:
        await local.name_duty("pr", "lin", deputy="lin")

    assert paths(refused.value) == ["deputy"]


async def test_a_chain_is_of_a_tier_and_waits(local: OncallScene) -> None:
    draft = ChainDraft(
        id="purple",
        name="x",
        steps=(
            ChainStep(notify=(Target(kind=TargetKind.EVERYBODY, id="x"),)),
            ChainStep(notify=(Target(kind=TargetKind.ROLE, id="king"),), wait_min=0),
            ChainStep(notify=(), wait_min=99_999, window=NO_DAY),
        ),
        repeat=0,
        lease_min=0,
    )

    with pytest.raises(InvalidInput) as refused:
        await local.books.chains.put(SYSTEM, draft)

    assert paths(refused.value) == [
        "id",
        "repeat",
        "lease_min",
        "steps[0].notify[0]",
        "steps[1].wait_min",
        "steps[1].notify[0]",
        "steps[2].wait_min",
        "steps[2].window.days",
        "steps[2].notify",
    ]


def hours(since: int, until: int, *days: int) -> ChainStep:
    window = Window(since=time(since), until=time(until), days=days or EVERY_DAY)
    return ChainStep(notify=(EVERYBODY,), wait_min=1, window=window)


@pytest.mark.parametrize(
    ("steps", "closed"),
    [
        ([hours(20, 21)], "day 1 (1 is Monday) at 21:00"),
        ([hours(8, 20), hours(20, 8, 1, 2, 3, 4, 5)], "day 6 (1 is Monday) at 20:00"),
        ([hours(0, 0, 1)], "day 2 (1 is Monday) at 00:00"),
        ([hours(8, 20), hours(20, 8)], None),
        ([hours(0, 0)], None),
        ([hours(20, 21), ChainStep(notify=(EVERYBODY,), wait_min=1)], None),
    ],
)
def test_a_chain_pages_somebody_at_any_hour(steps: list[ChainStep], closed: str | None) -> None:
    draft = ChainDraft(id="red", name="x", steps=tuple(steps))

    found = list(chain_problems(draft, Roster(), tiers=("red",)))

    assert [path for path, _ in found] == ([] if closed is None else ["steps"])
    assert all(str(closed) in message for _, message in found)


def test_a_chain_makes_so_many_pages_and_begins_anew_so_often() -> None:
    steps = tuple(ChainStep(notify=(EVERYBODY,) * 50, wait_min=1) for _ in range(2))
    draft = ChainDraft(id="red", name="x", steps=steps, repeat=6, anew=101, rest_min=1)

    found = [path for path, _ in chain_problems(draft, Roster(), tiers=("red",))]

    assert found == ["anew", "rest_min", "steps"]


@pytest.mark.parametrize("window", [hours(9, 18, 1, 1), hours(9, 18, *range(1, 8), 7)])
def test_a_day_is_named_once(window: ChainStep) -> None:
    draft = ChainDraft(
        id="red", name="x", steps=(window, ChainStep(notify=(EVERYBODY,), wait_min=1))
    )

    assert [path for path, _ in chain_problems(draft, Roster(), tiers=("red",))] == [
        "steps[0].window.days"
    ]


def test_hours_with_a_zone_of_their_own_are_a_mistake() -> None:
    window = Window(since=time(9, tzinfo=UTC), until=time(18, tzinfo=UTC))
    draft = ChainDraft(id="red", name="x", steps=(ChainStep(notify=(EVERYBODY,), window=window),))

    assert [path for path, _ in chain_problems(draft, Roster(), tiers=("red",))] == [
        "steps[0].window"
    ]


async def test_whoever_is_named_somewhere_cannot_be_deleted(local: OncallScene) -> None:
    await local.add_person("lin", "lin-phone")
    await local.add_person("rui", "rui-phone")
    await local.add_rota("night", "rui")
    await local.name_duty("pr", "lin")
    holder = Target(kind=TargetKind.ROTA, id="night")
    await local.books.duties.put(SYSTEM, DutyDraft(id="duty", name="duty", holder=holder))

    with pytest.raises(Conflict, match="in use by duty pr"):
        await local.books.contacts.delete(SYSTEM, "lin")
    with pytest.raises(Conflict, match="in use by rota night"):
        await local.books.contacts.delete(SYSTEM, "rui")
    with pytest.raises(Conflict, match="in use by duty duty"):
        await local.books.rotas.delete(SYSTEM, "night")
    await local.books.duties.delete(SYSTEM, "duty")
    await local.books.rotas.delete(SYSTEM, "night")
    await local.books.contacts.delete(SYSTEM, "rui")
    assert [row["id"] for row in await local.rows(tables.contact)] == ["lin"]


FILE = """
contacts:
  - id: lin
    channels: [{channel: desk}]
    quiet: {since: "23:00", until: "07:00"}
rotas:
  - id: night
    name: 夜班
    layers: [{members: [lin], starts_on: 2026-03-02, hand_over: "09:00"}]
    overrides: [{person: lin, since: 2026-03-04T09:00:00+08:00, until: 2026-03-05T09:00:00+08:00}]
duties:
  - id: duty
    holder: {kind: rota, id: night}
chains:
  - id: red
    steps: [{notify: [{kind: role, id: duty}]}]
"""


def importer(scene: OncallScene, books: Books) -> Importer:
    keyring = KeyRing.from_secret("oncall-test-" * 4)

    class NoRules(RuleDesk):
        def __init__(self) -> None:
            """Nothing here has rules."""

    return Importer(
        scene.database,
        brands=Brands(scene.database, scene.clock, keyring),
        monitors=Monitors(scene.database, scene.clock, keyring),
        sources=Sources(scene.database, scene.clock, keyring),
        channels=scene.channels,
        rules=NoRules(),
        further=books.sections(),
    )


async def test_a_file_is_applied_in_the_order_in_which_things_name_each_other(
    local: OncallScene, tmp_path: Path
) -> None:
    await local.add_channel("desk")
    file = tmp_path / "oncall.yaml"
    file.write_text(FILE, encoding="utf-8")

    done = await importer(local, local.books).apply(SYSTEM, file)
    again = await importer(local, local.books).apply(SYSTEM, file)

    assert done.created == ("contacts/lin", "rotas/night", "duties/duty", "chains/red")
    assert again.unchanged == done.created


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('"09:00"', "10:00", "write a time of day in quotes"),
        ("[lin]", "[wei]", "no contact 'wei'; there are lin"),
        ("id: duty\n    holder", "id: king\n    holder", "no playbook role 'king'"),
        ("09:00:00+08:00, until", "09:00:00, until", "give it a zone"),
        ("quiet:", "silent:", "Unexpected keyword argument"),
    ],
)
async def test_mistakes_are_named_with_their_line(
    local: OncallScene, tmp_path: Path, before: str, after: str, message: str
) -> None:
    await local.add_channel("desk")
    file = tmp_path / "oncall.yaml"
    assert before in FILE
    file.write_text(FILE.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(BadConfig, match=message) as refused:
        await importer(local, local.books).apply(SYSTEM, file)

    assert all(place.startswith(f"{file}:") for place, _ in refused.value.errors)
    assert await local.rows(tables.contact) == []
