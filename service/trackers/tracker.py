"""A tracker as YAML describes it: what it is asked, what its answers mean, in whose words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from crawlers.jmes import JmesPath
from crawlers.sources.webhook import Proof
from service.delivery.channels.template import Markup, problems_of
from service.trackers.model import CLOSED, Standing

FIELDS = frozenset({"title", "text", "kind", "department", "owner", "due", "link", "handover"})
"""What templates may name beside `key` (of the ticket), `token` (headers only) and `values`."""
_HEADER = r"^[A-Za-z][A-Za-z0-9-]{0,79}$"
_PREFIX = "FENGSUI_"


def _free_name(name: str) -> str:
    if name.startswith(_PREFIX):
        raise ValueError(f"{_PREFIX}… are settings of the service; give the secret another name")
    return name


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
        raise ValueError("give an address like https://tracker.example, without query and sign-in")
    return url.rstrip("/")


EnvName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{2,79}$"), AfterValidator(_free_name)]
Word = Annotated[str, Field(min_length=1, max_length=200)]


class _Edge(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Call(_Edge):
    """One request. What fills `path` is percent-encoded, what fills texts of `body` is text."""

    method: Literal["GET", "POST", "PUT", "PATCH"]
    path: str = Field(pattern=r"^/[^\s#]*$", max_length=2_000)
    body: Any = None


class Finding(Call):
    """Asked before a ticket is made a second time; `key` is null where there is none."""

    key: JmesPath


class Creating(Call):
    """`key` is in the answer; `url` is a template for people."""

    key: JmesPath
    url: str | None = Field(default=None, max_length=500)


class Telling(_Edge):
    """How a ticket stands, in JSON. Without `updated` what comes late cannot be told from news."""

    state: JmesPath
    updated: JmesPath | None = None


class Reading(Call, Telling):
    pass


class Inbound(Telling):
    """Webhooks of the tracker: `key` of the ticket; `deleted` is true where it is gone."""

    key: JmesPath
    deleted: JmesPath | None = None
    id_header: str | None = Field(default=None, pattern=_HEADER)
    proof: Literal[Proof.STANDARD, Proof.HMAC] = Proof.HMAC
    signature_header: str = Field(default="X-Hub-Signature-256", pattern=_HEADER)
    timestamp_header: str | None = Field(default=None, pattern=_HEADER)
    tolerance_s: int = Field(default=300, ge=10, le=3_600)


class TrackerForm(_Edge):
    """A tracker as written; the shape that it names is laid under it."""

    tracker: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,30}$")
    address: Annotated[str, AfterValidator(_web_address)]
    token_env: EnvName
    secret_env: EnvName | None = None
    values: dict[Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")], str] = Field(
        default_factory=dict, max_length=20
    )
    markup: Markup = Markup.MARKDOWN
    headers: dict[Annotated[str, Field(pattern=_HEADER)], str] = Field(max_length=10)
    refused: JmesPath | None = None
    success: JmesPath | None = None
    find: Finding | None = None
    create: Creating
    read: Reading
    moves: dict[Standing, tuple[Call, ...]]
    states: dict[Standing, tuple[Word, ...]]
    inbound: Inbound | None = None
    poll_minutes: int = Field(default=15, ge=0, le=10_080)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        wrong = list(self._wrong())
        if wrong:
            raise ValueError("; ".join(wrong[:8]))
        return self

    def _wrong(self) -> Iterator[str]:
        for standing in (Standing.OPEN, Standing.DONE):
            if not self.moves.get(standing):
                yield f"moves.{standing}: the calls that bring a ticket there are needed"
            if not self.states.get(standing):
                yield f"states.{standing}: the tracker's words for it are needed"
        words = [_folded(word) for listed in self.states.values() for word in listed]
        for word in sorted({word for word in words if words.count(word) > 1}):
            yield f"states: {word!r} stands for two things"
        if not self.poll_minutes and self.inbound is None:
            yield "poll_minutes: 0 and no inbound: nothing would ever come back"
        if self.inbound is not None and self.secret_env is None:
            yield "secret_env: the secret of its webhooks is needed"
        if taken := sorted(set(self.values) & (FIELDS | {"key", "token"})):
            yield f"values: {', '.join(taken)} mean something else; give other names"
        made = FIELDS | set(self.values)
        yield from _texts("headers", dict(self.headers), set(self.values) | {"token"})
        for name, call, known in self._calls(made):
            yield from _texts(f"{name}.path", call.path, known)
            yield from _texts(f"{name}.body", call.body, known)
        if self.create.url is not None:
            yield from _texts("create.url", self.create.url, {*self.values, "key", "address"})

    def _calls(self, made: set[str] | frozenset[str]) -> Iterator[tuple[str, Call, set[str]]]:
        if self.find is not None:
            yield "find", self.find, set(made)
        yield "create", self.create, set(made)
        yield "read", self.read, {*made, "key"}
        for standing, calls in self.moves.items():
            for place, call in enumerate(calls):
                yield f"moves.{standing}[{place}]", call, {*made, "key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proving:
    """How the sender of a webhook proves itself."""

    proof: Proof
    secrets: tuple[str, ...] = field(repr=False)
    signature_header: str
    timestamp_header: str | None
    tolerance_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """A tracker with its secrets, which are None where the environment has none."""

    form: TrackerForm
    token: str | None = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def id(self) -> str:
        return self.form.tracker

    @property
    def proving(self) -> Proving | None:
        """By what its webhooks are judged; None where none can be right."""
        inbound = self.form.inbound
        if inbound is None or not self.secrets:
            return None
        return Proving(
            proof=inbound.proof,
            secrets=self.secrets,
            signature_header=inbound.signature_header,
            timestamp_header=inbound.timestamp_header,
            tolerance_s=inbound.tolerance_s,
        )

    @property
    def channel_id(self) -> str:
        """Of the hidden channel that leads there; a colon is in no name that people give."""
        return f"tracker:{self.id}"

    def standing_of(self, word: str) -> Standing | None:
        """What a word of the tracker means; None for one that the mapping has not."""
        for standing, words in self.form.states.items():
            if _folded(word) in map(_folded, words):
                return standing
        return None

    def reachable(self, wanted: Standing) -> Standing:
        """The nearest to `wanted` that the tracker knows how to bring a ticket to."""
        if self.form.moves.get(wanted):
            return wanted
        return Standing.DONE if wanted in CLOSED else Standing.OPEN

    def words(self, given: Mapping[str, str]) -> dict[str, str]:
        """What templates may name: the tracker's own values and those."""
        return {**self.form.values, **given}


def _folded(word: str) -> str:
    return " ".join(word.split()).casefold()


def _texts(path: str, template: Any, known: set[str]) -> Iterator[str]:
    for place, message in problems_of(template, path, fields=known):
        yield f"{place}: {message}"
