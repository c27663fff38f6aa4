"""A viewer, a reviewer and a responder are each refused what is not theirs, whatever they try."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from service.auth import SYSTEM, Principal, Role
from service.complaints.rule import SHIPPED
from service.db.tables import login_session, metadata
from service.errors import Forbidden
from service.incidents import Action
from service.incidents.audit_reading import read_trail
from service.indicators import Window
from service.monitors import BrandDraft, ChannelDraft, ChannelKind, MonitorDraft
from service.reviews import DepartmentDraft
from tests.support.clock import START
from tests.support.console_scene import ConsoleScene
from tests.support.console_walk import Walk

NO_PERMISSION = "你没有这项权限"
ADMINISTRATION = ("/users", "/users/_new", "/keys", "/keys/_new", "/audit", "/audit/1")
RENAMED = "改坏的名字"
FORMS = (
    ("/brands/chenyu", "brand-chenyu"),
    ("/monitors/chenyu", "monitor-chenyu"),
    ("/channels/duty", "channel-duty"),
    (f"/complaint-rules/{SHIPPED}", f"complaint-rule-{SHIPPED}"),
    ("/departments/quality", "department-quality"),
)
"""Pages whose form everybody sees and few may send, with the form's name."""
ABSENT = (
    ("/brands", "新建品牌"),
    ("/brands/chenyu", "删除"),
    ("/monitors", "新建方案"),
    ("/sources", "新建数据源"),
    ("/channels", "新建渠道"),
    ("/channels/duty", "删除"),
    ("/complaint-rules", "新建投诉规则"),
    ("/departments", "新建部门"),
    ("/departments/quality", "删除"),
)
"""Acts that none of them may do, on pages that all of them may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """What there is to be spoilt."""

    incident: str
    key: str
    user: str


async def furnished(scene: ConsoleScene) -> Things:
    container = scene.container
    await container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="晨屿"))
    watch = MonitorDraft(id="chenyu", name="晨屿全部", query="晨屿", brand_id="chenyu")
    await container.monitors.put(SYSTEM, watch)
    await container.channels.put(
        SYSTEM, ChannelDraft(id="duty", name="值班群", kind=ChannelKind.RECORDING)
    )
    await container.reviewing.departments.put(SYSTEM, DepartmentDraft(id="quality", name="品控部"))
    key = await container.keys.create(SYSTEM, name="审核网关", roles=[Role.CLASSIFIER])
    made = await container.users.create(SYSTEM, name="wang.min", roles=[Role.ADMIN])
    incident = await scene.open(title="晨屿咖啡喝出异物", monitor_id="chenyu")
    return Things(incident=incident.id, key=key.key.id, user=made.user.id)


async def kept(scene: ConsoleScene) -> dict[str, list[str]]:
    """Every row of every table, but when sessions were last seen."""
    rows: dict[str, list[str]] = {}
    async with scene.container.database.read() as connection:
        for table in metadata.sorted_tables:
            if table is not login_session:
                found = await connection.execute(select(table))
                rows[table.name] = sorted(repr(tuple(row)) for row in found)
    return rows


def forged(
    scene: ConsoleScene, things: Things, who: Principal
) -> dict[str, Callable[[], Awaitable[object]]]:
    """Calls that reach the server past every page, as a program that stole the session would."""
    container = scene.container
    return {
        "make an account": lambda: container.users.create(who, name="mallory", roles=[Role.ADMIN]),
        "take an account over": lambda: container.users.reset(who, things.user),
        "become an administrator": lambda: container.users.set_roles(
            who, who.id, roles=[Role.ADMIN], version=1
        ),
        "sign somebody out": lambda: container.users.sign_out(who, things.user),
        "make a key": lambda: container.keys.create(who, name="mallory", roles=[Role.ADMIN]),
        "revoke a key": lambda: container.keys.revoke(who, things.key),
        "read the trail": lambda: read_trail(container.database, who),
        "change a brand": lambda: container.brands.put(who, BrandDraft(id="chenyu", name=RENAMED)),
        "delete a monitor": lambda: container.monitors.delete(who, "chenyu", version=1),
        "delete a department": lambda: container.reviewing.departments.delete(who, "quality"),
        "make a loss good": lambda: container.reviewing.points.redeem(who, "quality", 1, "imp_1"),
        "hand over a needs report": lambda: container.handing_over.desk.needs(
            who, "chenyu", Window(since=START, until=START + timedelta(days=1)), "ops"
        ),
        "close an incident": lambda: container.desk.act(who, things.incident, Action.CLOSE),
    }


@pytest.mark.timeout(480)
@pytest.mark.parametrize(
    ("role", "closed"),
    [
        (Role.VIEWER, (*ADMINISTRATION, "/review")),
        (Role.REVIEWER, ADMINISTRATION),
        (Role.RESPONDER, (*ADMINISTRATION, "/review")),
    ],
)
async def test_somebody_is_refused_what_is_not_theirs(
    walk: Walk, role: Role, closed: tuple[str, ...]
):
    scene, page = walk.scene, walk.page
    things = await furnished(scene)
    token = await walk.sign_in("kan", role)
    before = await kept(scene)

    for path in (*closed, f"/users/{things.user}", f"/keys/{things.key}"):
        answer = await page.goto(f"{walk.base}/console{path}")
        assert answer is not None
        assert answer.status == 403, path
        await expect(page.get_by_role("heading", level=2, name=NO_PERMISSION)).to_be_visible()
        assert await page.locator("#main form, #main table, #main button").count() == 0, path
        assert await page.locator(f'nav a[href="/console{path}"]').count() == 0, path
    await walk.accessible()
    # A page that says no is an error to the browser, and here it should be.
    walk.errors.clear()

    for path, label in ABSENT:
        await walk.go(path)
        assert await page.locator("#main").get_by_text(label, exact=True).count() == 0, path

    for path, name in FORMS:
        await walk.go(path)
        form = page.locator(f'form[data-form="{name}"]')
        assert await form.locator("button[type=submit].act-main").count() == 0, path
        await form.locator('[name="name"]').fill(RENAMED)
        await form.evaluate("form => form.requestSubmit()")
        await expect(form.get_by_text("你没有这项权限")).to_be_visible()
    await walk.calm()

    who = (await scene.container.sessions.resolve(token)).principal
    for said, call in forged(scene, things, who).items():
        try:
            await call()
        except Forbidden:
            continue
        raise AssertionError(f"a {role} could {said}")
    after = await kept(scene)
    assert {name for name in before if before[name] != after[name]} == set()


@pytest.mark.timeout(300)
async def test_a_button_that_was_drawn_for_an_administrator_refuses_who_is_none_any_more(
    walk: Walk,
):
    scene, page = walk.scene, walk.page
    things = await furnished(scene)
    token = await walk.sign_in("lin", Role.ADMIN)
    lin = (await scene.container.sessions.resolve(token)).user
    await walk.go(f"/keys/{things.key}")
    await expect(page.get_by_role("button", name="吊销")).to_be_visible()
    await scene.container.users.set_roles(SYSTEM, lin.id, roles=[Role.VIEWER], version=lin.version)
    before = await kept(scene)
    await page.get_by_role("button", name="吊销").click()
    await page.get_by_role("dialog").get_by_role("button", name="吊销").click()
    await expect(page.get_by_text("需要以下角色之一：管理员", exact=False)).to_be_visible()
    assert await kept(scene) == before
