"""What a shift leaves behind, added to the replayed demo so that every page has something to show.

All of it is done as people and programs do it, through the desks: who stands for which role, a
source to pull, texts that somebody's system asked about, complaints of which one is answered, a
statement begun, an older crisis closed, its review begun and improvements proposed, a drill that
was broken off, stories, a briefing of yesterday.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from service.api.classification import Classification
from service.api.quota import Quota
from service.audit import Sealer
from service.auth import SYSTEM, Principal, PrincipalKind, Role
from service.bootstrap import Container, build
from service.bootstrap.drilling import bundled_tape
from service.briefings import BriefingFilter
from service.briefings import Kind as BriefingKind
from service.complaints import Deed, NewComplaint, Published
from service.delivery.channels.links import LIFE, Link
from service.drill import DrillPlayer
from service.incidents import Action, Incident, Kind
from service.incidents.filters import IncidentFilter
from service.monitors import ChannelDraft, ChannelKind, SourceDraft
from service.oncall import ContactDraft, DutyDraft, RotaDraft
from service.oncall.model import ContactChannel, Layer, Target, TargetKind
from service.reviews import (
    DepartmentDraft,
    Form,
    ItemDraft,
    ItemKind,
    ItemState,
    ReviewFilter,
    Why,
)
from service.statements import NewStatement
from service.stores import PostQuery

PEOPLE = {
    "lin": Role.RESPONDER,
    "hua": Role.LEAD,
    "fa": Role.LEGAL,
    "wu": Role.REVIEWER,
    "ana": Role.ANALYST,
}
_ROOMS = {"zh": "duty-room", "en": "duty-room-en"}
"""The channel that a page came from decides the language of what is behind its link."""
_TEXTS = (
    "想要内部优惠的加微信 chayou888，群里每天发红包",
    "专业删帖，按条收费，先删后付，看头像联系",
    "这茶喝一周血糖就降下来了，比吃药管用，无副作用",
    "招写手，好评一条五块，当天结，私信领任务",
    "加我 V 信 cha-yu-66，原价一百二的礼盒六十拿走",
    "客服真是废物，养条狗都比你们会说话",
)
_SOURCE = SourceDraft(
    id="trade-news",
    kind="rss",
    name="饮品行业新闻",
    settings={"url": "https://news.example/feed.xml"},
    interval_s=600,
)


async def left_behind(container: Container) -> None:
    """Add what is not there yet, and have the audit trail sealed: no jobs run beside the camera."""
    briefings, _ = await container.briefings.desk.page(SYSTEM, BriefingFilter())
    if not briefings:  # they come last: where one is, all is there
        await _work(container)
    for job in container.line:
        if isinstance(job, Sealer):
            await job.run(container.clock.now())


async def _work(container: Container) -> None:
    team = {name: await _person(container, name, role) for name, role in PEOPLE.items()}
    await _on_call(container, team["lin"])
    await container.sources.put(SYSTEM, _SOURCE)
    await _asked(container)
    await _complained(container, team["lin"])
    newest, *older = await open_crises(container, team["hua"])
    await container.statements.desk.draft(
        team["lin"], newest.id, NewStatement(template=_template(container, newest))
    )
    if older:
        await _closed(container, team["hua"], older[-1])
    await _drilled(container, team["hua"])
    await container.story_clustering.run(container.clock.now())
    await container.briefings.desk.prepare(team["ana"], BriefingKind.DAILY)


async def acknowledge_link(container: Container, language: str) -> str:
    """The address behind “acknowledge” of a message of the gravest open crisis, to lin."""
    lin = await container.users.find("lin")
    newest, *_ = await open_crises(container, SYSTEM)
    return container.links.address(
        Link(
            incident_id=newest.id,
            channel_id=_ROOMS[language],
            message_id="picture",
            person=None if lin is None else lin.id,
            ends_at=container.clock.now() + LIFE,
        )
    )


async def _person(container: Container, name: str, role: Role) -> Principal:
    user = await container.users.find(name)
    if user is None:
        user = (await container.users.create(SYSTEM, name=name, roles=[role])).user
    return Principal(
        id=user.id, kind=PrincipalKind.USER, name=name, roles=frozenset({role}), monitors=None
    )


async def _on_call(container: Container, lin: Principal) -> None:
    """Two rooms that write down what they get, and one person who is there day and night."""
    for language, room in _ROOMS.items():
        draft = ChannelDraft(
            id=room,
            kind=ChannelKind.RECORDING,
            name="公关值班群" if language == "zh" else "PR duty room",
            settings={"language": language},
        )
        await container.channels.put(SYSTEM, draft)
    channels = (ContactChannel(channel=_ROOMS["zh"]),)
    await container.contacts.put(
        SYSTEM, ContactDraft(id="lin", name="林晓", user=lin.name, channels=channels)
    )
    since = (container.clock.now() - timedelta(days=7)).date()
    layer = Layer(members=("lin",), starts_on=since)
    await container.rotas.put(SYSTEM, RotaDraft(id="pr", name="公关值班", layers=(layer,)))
    rota = Target(kind=TargetKind.ROTA, id="pr")
    for role, name in (("duty", "值班"), ("pr", "公关")):
        await container.duties.put(SYSTEM, DutyDraft(id=role, name=name, holder=rota))


async def _asked(container: Container) -> None:
    """A system of theirs asks about texts; some of them need a person."""
    limit = Quota(1_000, monotonic=container.clock.monotonic)
    asked = Classification(container.reader, quota=limit, judge=container.judgement)
    items: list[dict[str, Any]] = [
        {"id": str(number), "text": text, "parent": "求澄屿青柚茶的优惠"}
        for number, text in enumerate(_TEXTS)
    ]
    await asked.many({"items": items}, principal="key_gateway")


async def _complained(container: Container, lin: Principal) -> None:
    """Some of those who want their money back have a ticket; the first of them is answered."""
    page = await container.store.search(PostQuery(text="退款", sentiments=("negative",)), limit=3)
    complaints = [
        await container.complaints.desk.open(lin, NewComplaint(post_id=found.post.id))
        for found in page.items
    ]
    answer = Published(channel="weibo", text="您好，订单我们查到了，退款今天原路退回，请留意短信。")
    await container.complaints.handling.say(lin, complaints[0].id, Deed.ANSWER, answer)


async def _drilled(container: Container, lead: Principal) -> None:
    """The bundled crisis as a drill: taken over at once, and broken off soon."""
    tape = await bundled_tape(container.settings, build=build)
    drill = await container.drills.begin(lead, stream="瓶装茶里的玻璃碎片", speed=60.0, tape=tape)
    for job in container.line:
        if isinstance(job, DrillPlayer):
            await job.run(container.clock.now())
    opened = (await container.drills.get(lead, drill.id)).incidents
    for incident_id in opened.values():
        await container.desk.act(lead, incident_id, Action.ACKNOWLEDGE)
    await container.drills.stop(lead, drill.id, reason="真的来电话了，改天再练")


async def open_crises(container: Container, who: Principal) -> list[Incident]:
    """Open ones, the gravest first."""
    found, _ = await container.desk.queue(who, IncidentFilter(kinds=(Kind.CRISIS,)), limit=50)
    return sorted(found, key=lambda it: (-it.tier_rank, -it.opened_at.timestamp()))


def _template(container: Container, incident: Incident) -> str:
    """The first words that its scenario has, or those of any scenario."""
    known = container.library.templates
    wanted = f"{incident.scenario}.holding"
    return wanted if wanted in known else next(name for name in known if name.endswith(".holding"))


async def _closed(container: Container, lead: Principal, incident: Incident) -> None:
    """Close it, and begin to ask why."""
    act = partial(container.desk.act, lead, incident.id)
    for action in (Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE):
        await act(action, reason="退款已全部到账，声量回到平时")
    reviewing = container.reviewing
    ((review, _), *_) = await reviewing.desk.page(lead, ReviewFilter(incident_id=incident.id))
    whys = (
        Why(question="为什么会重复扣款？", answer="支付超时后页面允许再点一次，订单号没有去重。"),
        Why(question="为什么没有去重？", answer="活动页是临时搭的，没有走正式的下单接口。"),
        Why(question="为什么临时搭？", answer="活动提前两天才定，没有排进版本。"),
    )
    await reviewing.desk.save(lead, review.id, Form(whys=whys, root_cause=None, cause_class=None))
    await reviewing.departments.put(SYSTEM, DepartmentDraft(id="growth", name="增长部"))
    await reviewing.desk.involve(lead, review.id, "growth")
    improvements = reviewing.improvements
    for title, description, days, impact in (
        ("下单接口去重", "同一购物车十分钟内的第二笔支付先问再扣。", 14, 5),
        ("活动页走正式流程", "临时页面不再直连支付，排期不够就推迟活动。", 45, 3),
    ):
        draft = ItemDraft(
            title=title,
            description=description,
            kind=ItemKind.USER,
            owner=None,
            due_at=container.clock.now() + timedelta(days=days),
            impact=impact,
            urgency=3,
            effort=2,
        )
        item = await improvements.propose(lead, review.id, "growth", draft)
        if impact > 3:
            await improvements.move(lead, item.id, ItemState.ACCEPTED)
