"""Templates of statements: which there are, for what, and what they want filled in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from playbooks import Library
from playbooks.schema import StatementKind, Template
from service.api import examples
from service.api.answer import Json, page
from service.api.deps import Me, Service
from service.api.statement_views import TEMPLATES
from service.api.views import plain
from service.auth import Action, Resource
from service.errors import NotFound
from service.statements import FILLED

router = APIRouter(prefix="/v1/templates", tags=["statements"])

TemplateId = Annotated[str, Path(max_length=64)]
Scenario = Annotated[str | None, Query(max_length=64)]


@router.get("", summary="Templates of statements", responses=examples.answer(TEMPLATES))
async def every(
    service: Service,
    me: Me,
    scenario: Scenario = None,
    kind: StatementKind | None = None,
    lang: Literal["zh", "en"] | None = None,
) -> Response:
    """Filters are ANDed. `filled` variables have their value from the incident; those that are
    `required` and get none block a draft.
    """
    me.require(Action.READ, Resource.PLAYBOOK)
    library = service.library
    items = [
        _view(template, library)
        for template in sorted(library.templates.values(), key=lambda item: item.id)
        if kind in (None, template.kind) and lang in (None, template.lang)
    ]
    if scenario is not None:
        items = [item for item in items if scenario in item["scenarios"]]
    return page(items, None, version=library.version)


@router.get("/{template_id}", summary="One template with its text")
async def one(template_id: TemplateId, service: Service, me: Me) -> Response:
    """In `body` a variable is written as `{{ name }}`."""
    me.require(Action.READ, Resource.PLAYBOOK)
    template = service.library.templates.get(template_id)
    if template is None:
        raise NotFound(f"there is no template {template_id!r}; list them at /v1/templates")
    return Json(_view(template, service.library) | {"body": template.body})


def _view(template: Template, library: Library) -> dict[str, Any]:
    scenarios = library.scenarios.values()
    return {
        "id": template.id,
        "title": plain(template.title),
        "kind": template.kind.value,
        "lang": template.lang,
        "scenarios": sorted(item.id for item in scenarios if template.id in item.templates),
        "variables": [
            {"name": name, **plain(variable), "filled": name in FILLED}
            for name, variable in template.variables.items()
        ],
    }
