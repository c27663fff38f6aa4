"""The declaration of a JSON API as data: where its rows are, and what stands for which field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Self
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from crawlers.declaration import Declaration, ListOrder
from crawlers.jmes import JmesPath, search
from crawlers.json_page import text_at
from crawlers.mapping import FieldName
from crawlers.paging import Paging

_HEADER_VALUE = r"^[ -~]{0,1000}$"
_HEADER_NAME = r"^[A-Za-z0-9-]{1,60}$"

HeaderName = Annotated[str, StringConstraints(pattern=_HEADER_NAME)]
HeaderValue = Annotated[str, StringConstraints(pattern=_HEADER_VALUE)]


class Template(BaseModel):
    """A value put into a text: `{}` in `template` stands for what `path` finds, percent-encoded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: JmesPath
    template: str = Field(max_length=1_000, pattern=r"\{\}")


class Auth(BaseModel):
    """The header that carries the secret `token`, and in which form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    header: HeaderName = "Authorization"
    form: str = Field(default="Bearer {token}", pattern=r"^[ -~]*\{token\}[ -~]*$")
    required: bool = False


class Embedded(BaseModel):
    """JSON within a page: what stands between the first `after` and the next `before`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: str = Field(min_length=3, max_length=200)
    before: str = Field(min_length=1, max_length=200)


class JsonDeclaration(Declaration):
    """`rows` finds the list in an answer and `fields` what stands for a field on a row.

    `refused` is true of an answer by which the site refuses us, and `message` is what it then
    says; `note` is a text where an answer is good and not whole.
    """

    path: str = Field(pattern=r"^/[!-~]*$", max_length=1_000)
    query: dict[str, str] = Field(default_factory=dict)
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict)
    auth: Auth | None = None
    embedded: Embedded | None = None
    paging: Paging | None = None
    rows: JmesPath
    refused: JmesPath | None = None
    message: JmesPath | None = None
    note: JmesPath | None = None
    fields: dict[FieldName, JmesPath | Template]

    @model_validator(mode="after")
    def _mapped(self) -> Self:
        self.check_fields(set(self.fields))
        if self.order is ListOrder.ANY and self.paging is not None:
            raise ValueError("paging: a list in no order of time is read as one page")
        return self


def value_of(rule: str | Template, row: Mapping[str, Any]) -> Any:
    """What a rule finds on a row; None where it finds nothing."""
    if isinstance(rule, str):
        return search(rule, row)
    found = text_at([search(rule.path, row)], 0)
    return None if found is None else rule.template.replace("{}", quote(found, safe=""))


def filled(declaration: JsonDeclaration, values: Mapping[str, str]) -> dict[str, Any]:
    """The path and query of a declaration with `{name}` in them replaced by a value."""

    def put(text: str, safe: Callable[[str], str]) -> str:
        return re.sub(r"\{([a-z_]+)\}", lambda hit: safe(values[hit.group(1)]), text)

    return {
        "path": put(declaration.path, lambda value: quote(value, safe="")),
        "query": {key: put(value, str) for key, value in declaration.query.items()},
    }
