"""On call: people, rotas, playbook roles, chains; who is on; what pages an incident, its team."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, NoContent, page
from service.api.catalogue import save
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service, Version
from service.api.views import plain
from service.auth import Action, Principal
from service.bootstrap import Container
from service.incidents import format_instant
from service.oncall import ChainDraft, ContactDraft, DutyDraft, RotaDraft, shipped_chains
from service.oncall.books import Chains, Contacts, Duties, Rotas, body_of
from service.oncall.escalation import Escalation
from service.oncall.model import (
    Chain,
    ChainStep,
    Contact,
    ContactChannel,
    Duty,
    Layer,
    Override,
    Rota,
    Target,
    Window,
)

router = APIRouter(prefix="/v1", tags=["on call"])

Name = Annotated[str, Path(max_length=64)]
IncidentId = Annotated[str, Path(max_length=40)]
Zone = Annotated[str, Field(max_length=64, examples=["Asia/Shanghai"])]


class ContactBody(Body):
    """A person and their channels, the preferred one first; `user` is the name of their account."""

    name: str
    channels: tuple[ContactChannel, ...] = Field(max_length=50)
    zone: Zone = "Asia/Shanghai"
    quiet: Window | None = None
    user: str | None = Field(default=None, max_length=64)


class RotaBody(Body):
    """The first layer that has somebody counts; overrides win. Local times are of `zone`."""

    name: str
    layers: tuple[Layer, ...] = Field(max_length=50)
    zone: Zone = "Asia/Shanghai"
    overrides: tuple[Override, ...] = Field(default=(), max_length=500)


class DutyBody(Body):
    """Who is meant by a playbook role: a person, rota or channel."""

    name: str
    holder: Target
    deputy: Target | None = None


class ChainBody(Body):
    """What pages an incident of the tier until somebody acknowledges it; durations in minutes.

    Unanswered it begins anew `anew` times, then each `rest_min`; without them as the shipped one.
    """

    name: str
    steps: tuple[ChainStep, ...] = Field(max_length=50)
    repeat: int = 1
    again_min: int = 30
    anew: int | None = None
    rest_min: int | None = None
    zone: Zone = "Asia/Shanghai"
    lease_min: int = 60
    reach_min: int = 10
    seat_min: int = 15
    ignores_quiet: bool = False


class Note(Body):
    """What there is to say to it."""

    note: str | None = Field(default=None, max_length=1_000)


@router.get("/contacts", summary="People who can be paged, by id")
async def contacts(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    return await _every(service.contacts, me, "contacts", limit, cursor)


@router.get("/contacts/{contact_id}", summary="One person")
async def contact(contact_id: Name, service: Service, me: Me) -> Response:
    return await _one(service.contacts, me, contact_id)


@router.put("/contacts/{contact_id}", summary="Create or change a person")
async def put_contact(
    contact_id: Name, body: ContactBody, service: Service, me: Me, version: Version
) -> Response:
    draft = ContactDraft(id=contact_id, **_fields(body))
    return await save(service.contacts, me, draft, version=version, view=_view)


@router.delete("/contacts/{contact_id}", summary="Delete a person", status_code=204)
async def remove_contact(contact_id: Name, service: Service, me: Me, version: Version) -> Response:
    await service.contacts.delete(me, contact_id, version=version)
    return NoContent()


@router.get("/rotas", summary="Rotas by id")
async def rotas(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    return await _every(service.rotas, me, "rotas", limit, cursor)


@router.get("/rotas/{rota_id}", summary="One rota")
async def rota(rota_id: Name, service: Service, me: Me) -> Response:
    return await _one(service.rotas, me, rota_id)


@router.put("/rotas/{rota_id}", summary="Create or change a rota")
async def put_rota(
    rota_id: Name, body: RotaBody, service: Service, me: Me, version: Version
) -> Response:
    draft = RotaDraft(id=rota_id, **_fields(body))
    return await save(service.rotas, me, draft, version=version, view=_view)


@router.delete("/rotas/{rota_id}", summary="Delete a rota", status_code=204)
async def remove_rota(rota_id: Name, service: Service, me: Me, version: Version) -> Response:
    await service.rotas.delete(me, rota_id, version=version)
    return NoContent()


@router.get("/rotas/{rota_id}/on-duty", summary="Who is on, now or at an instant")
async def on_duty(rota_id: Name, service: Service, me: Me, at: Instant | None = None) -> Response:
    """`by` says why: an override, a layer (counted from 0), or a gap: then nobody is."""
    return Json(plain(await service.oncall.on_duty(me, rota_id, at=at)))


@router.get("/rotas/{rota_id}/shifts", summary="Who is on when, with every gap")
async def shifts(
    rota_id: Name,
    service: Service,
    me: Me,
    since: Instant | None = None,
    until: Instant | None = None,
) -> Response:
    """From `since` (now) to `until` (two weeks later), at most 92 days, cut where somebody else
    comes on; `gaps` repeats those in which nobody is.
    """
    found = await service.oncall.shifts(me, rota_id, since=since, until=until)
    gaps = [plain(item) for item in found if item.duty.person is None]
    return Json({"items": [plain(item) for item in found], "gaps": gaps})


@router.get("/duties", summary="Who is meant by each playbook role")
async def duties(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    return await _every(service.duties, me, "duties", limit, cursor)


@router.get("/duties/{role}", summary="Who is meant by a playbook role")
async def duty(role: Name, service: Service, me: Me) -> Response:
    return await _one(service.duties, me, role)


@router.put("/duties/{role}", summary="Say who is meant by a playbook role, and their deputy")
async def put_duty(
    role: Name, body: DutyBody, service: Service, me: Me, version: Version
) -> Response:
    draft = DutyDraft(id=role, **_fields(body))
    return await save(service.duties, me, draft, version=version, view=_view)


@router.delete("/duties/{role}", summary="Nobody in particular is meant any more", status_code=204)
async def remove_duty(role: Name, service: Service, me: Me, version: Version) -> Response:
    await service.duties.delete(me, role, version=version)
    return NoContent()


@router.get("/chains", summary="Chains of one's own, by tier, and those that ship")
async def chains(service: Service, me: Me) -> Response:
    me.require(Action.READ, service.chains.resource)
    own = await service.chains.every()
    return Json(
        {
            "items": [_view(item) for item in own],
            "shipped": [_shape(item) for item in shipped_chains().values()],
        }
    )


@router.get("/chains/{tier}", summary="The chain of one's own for a tier, or for a role at it")
async def chain(tier: Name, service: Service, me: Me) -> Response:
    return await _one(service.chains, me, tier)


@router.put("/chains/{tier}", summary="Lay a chain over the shipped one of its tier")
async def put_chain(
    tier: Name, body: ChainBody, service: Service, me: Me, version: Version
) -> Response:
    """Running escalations keep the chain that they began with. `red.legal` is of a role at a tier:
    it calls for the role's late steps and its seat in the emergency team.
    """
    draft = ChainDraft(id=tier, **_fields(body))
    return await save(service.chains, me, draft, version=version, view=_view)


@router.delete("/chains/{tier}", summary="Back to the shipped chain", status_code=204)
async def remove_chain(tier: Name, service: Service, me: Me, version: Version) -> Response:
    await service.chains.delete(me, tier, version=version)
    return NoContent()


@router.get("/incidents/{incident_id}/escalation", summary="Whom it has paged and will page")
async def escalation(
    incident_id: IncidentId, service: Service, me: Me, limit: Limit = 200
) -> Response:
    """Each escalation with its copy of the chain, the newest pages with the state of their
    deliveries by channel; `lease_until` is when an acknowledgement lapses unless somebody does
    something, `unanswered_at` since when it is said that nobody answers.
    """
    file = await service.oncall.file(me, incident_id, limit=limit)
    return Json(
        {
            "incident": incident_id,
            "reached_nobody": file.incident.reached_nobody_at is not None,
            "next_page_at": format_instant(file.next_page_at),
            "lease_until": format_instant(file.lease_until),
            "silence": None if file.silence is None else file.silence.id,
            "escalations": [_escalation(item) for item in file.escalations],
            "pages": [plain(item) for item in file.pages],
            "pages_total": file.pages_total,
        }
    )


@router.get("/incidents/{incident_id}/team", summary="The emergency team: who has accepted")
async def team(incident_id: IncidentId, service: Service, me: Me) -> Response:
    return await _seats(service, me, incident_id)


@router.post("/incidents/{incident_id}/team/{role}/accept", summary="Take a seat in the team")
async def accept(
    incident_id: IncidentId, role: Name, service: Service, me: Me, body: Note | None = None
) -> Response:
    """The last one completes the team, and with it the step of the playbook."""
    await service.team.accept(me, incident_id, role, note=body.note if body else None)
    return await _seats(service, me, incident_id)


@router.post(
    "/incidents/{incident_id}/team/{role}/decline", summary="Not me: the deputy is asked at once"
)
async def decline(
    incident_id: IncidentId, role: Name, service: Service, me: Me, body: Note | None = None
) -> Response:
    await service.team.decline(me, incident_id, role, note=body.note if body else None)
    return await _seats(service, me, incident_id)


async def _seats(service: Container, me: Principal, incident_id: str) -> Response:
    seats = await service.team.seats(me, incident_id)
    return Json({"items": [plain(seat) for seat in seats]})


async def _every(
    book: Contacts | Rotas | Duties, me: Principal, name: str, limit: int, cursor: str | None
) -> Response:
    me.require(Action.READ, book.resource)
    found = await book.page(after=cursors.after((name,), cursor), limit=limit)
    return page([_view(item) for item in found.items], cursors.following((name,), found.next))


async def _one(book: Contacts | Rotas | Duties | Chains, me: Principal, item_id: str) -> Response:
    me.require(Action.READ, book.resource)
    item = await book.get(item_id)
    return Json(_view(item), version=item.version)


def _shape(draft: ContactDraft | RotaDraft | DutyDraft | ChainDraft) -> dict[str, Any]:
    return {"id": draft.id, "name": draft.name, **body_of(draft)}


def _view(item: Contact | Rota | Duty | Chain) -> dict[str, Any]:
    return {
        **_shape(item),
        "created_at": format_instant(item.created_at),
        "updated_at": format_instant(item.updated_at),
        "version": item.version,
    }


def _escalation(item: Escalation) -> dict[str, Any]:
    names = [name for name in Escalation.__dataclass_fields__ if name != "chain"]
    return {name: plain(getattr(item, name)) for name in names} | {"chain": _shape(item.chain)}


def _fields(body: Body) -> dict[str, Any]:
    return {name: getattr(body, name) for name in type(body).model_fields}
