"""The declarations that ship, each a kind of its own: data in declared/*.yaml, no code.

A file is a JsonDeclaration with the kind's name, its summary and its parameters. Each file says its
own basis: a kind that is unofficial stays off until a source's settings say `enabled_because`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, create_model

from crawlers.errors import BadDeclaration
from crawlers.json_declaration import HeaderValue, JsonDeclaration, filled
from crawlers.kind import SourceKind
from crawlers.mapping import REQUIRED_FIELDS
from crawlers.post import Channel
from crawlers.setting import BaseUrl
from crawlers.source import Source
from crawlers.sources.json_api import JsonApiSource

FOLDER = Path(__file__).parent / "declared"


class Parameter(BaseModel):
    """What an operator may say: `{name}` in path and query. Without a default it must be said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pattern: str = Field(max_length=200)
    default: str | None = None
    about: str = Field(max_length=200)


class ShippedDeclaration(JsonDeclaration):
    """One file: a declaration that ships."""

    kind: str = Field(pattern=r"^[a-z0-9_]{2,32}$")
    summary: str = Field(max_length=100)
    parameters: dict[str, Parameter] = Field(default_factory=dict)


class DeclaredSettings(BaseModel):
    """What every kind that ships as a declaration lets an operator say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: BaseUrl
    channel: Channel
    max_pages: int


def read_declaration(text: str, *, where: str) -> ShippedDeclaration:
    """Read one file; raises BadDeclaration naming `where` and every key that is wrong."""
    try:
        return ShippedDeclaration.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise BadDeclaration([(where, f"no YAML: {error}")]) from error
    except ValidationError as error:
        raise BadDeclaration(
            [
                (f"{where}: {'.'.join(map(str, item['loc']))}", item["msg"])
                for item in error.errors(include_input=False, include_url=False)
            ]
        ) from None


def declared_kind(declaration: ShippedDeclaration) -> SourceKind[Any]:
    """The kind that a declaration stands for."""

    def build(name: str, settings: DeclaredSettings, now: Callable[[], datetime]) -> Source:
        said = settings.model_dump()
        changes = {key: said.pop(key) for key in DeclaredSettings.model_fields}
        token = said.pop("token", None)
        changes |= filled(declaration, said)
        return JsonApiSource(name, declaration.model_copy(update=changes), now, token)

    return SourceKind(
        settings=_settings_of(declaration),
        build=build,
        summary=declaration.summary,
        basis=declaration.basis,
        channel=declaration.channel,
        rate_limit=declaration.rate,
        fields=_fields_of(declaration),
    )


def load_declared_kinds(folder: Path = FOLDER) -> Mapping[str, SourceKind[Any]]:
    """Every kind declared in `folder`, by name; raises BadDeclaration for a file that is none."""
    found: dict[str, SourceKind[Any]] = {}
    for path in sorted(folder.glob("*.yaml")):
        declaration = read_declaration(path.read_text(encoding="utf-8"), where=path.name)
        if declaration.kind != path.stem:
            raise BadDeclaration([(f"{path.name}: kind", f"must be {path.stem}, as the file")])
        found[declaration.kind] = declared_kind(declaration)
    return found


def _settings_of(declaration: ShippedDeclaration) -> type[DeclaredSettings]:
    fields: dict[str, Any] = {
        name: (
            Annotated[
                str,
                StringConstraints(pattern=parameter.pattern),
                Field(description=parameter.about),
            ],
            ... if parameter.default is None else parameter.default,
        )
        for name, parameter in declaration.parameters.items()
    }
    if declaration.auth is not None:
        needed = declaration.auth.required
        fields["token"] = (HeaderValue, ...) if needed else (HeaderValue | None, None)
    fields |= {
        "base_url": (BaseUrl, declaration.base_url),
        "channel": (Channel, declaration.channel),
        "max_pages": (Annotated[int, Field(ge=1, le=100)], declaration.max_pages),
    }
    title = "".join(part.title() for part in declaration.kind.split("_"))
    return create_model(f"{title}Settings", __base__=DeclaredSettings, **fields)


def _fields_of(declaration: ShippedDeclaration) -> tuple[str, ...]:
    """What it fills beyond what every post has; `extra.NAME` is one field, `extra`."""
    names = [
        name.partition(".")[0] if name.startswith("extra.") else name for name in declaration.fields
    ]
    if declaration.lang is not None:
        names.append("lang")
    always = REQUIRED_FIELDS | {"published_at"}
    return tuple(dict.fromkeys(name for name in names if name not in always))


DECLARED = load_declared_kinds()
