"""What each kind of channel may be told, checked when it is saved.

The address and the secrets are sealed elsewhere; what is here is shown to everybody who may read
channels. Messages never quote an address or a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from service.delivery.channels.mail_session import PORTS, Tls
from service.delivery.channels.template import Markup, problems_of
from service.delivery.channels.wording import Language
from service.delivery.errors import BadSecret
from service.delivery.pacing import Pace
from service.delivery.signing import decode_secret

LONGEST_URL = 2_000
MOST_SECRETS = 3
_MAIL = r"[^@\s<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}"

Problem = tuple[str, str]


def _one_person(name: str) -> str:
    if name.lower() in {"all", "everyone", "here", "channel", "isatall"}:
        raise ValueError("one person each: everybody is never mentioned")
    return name


Person = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_.+-][A-Za-z0-9_.@+-]{0,63}$"), AfterValidator(_one_person)
]
Mail = Annotated[str, Field(pattern=rf"^{_MAIL}$")]
Keyword = Annotated[str, Field(pattern=r"^[\w ]{1,40}$")]


class Common(BaseModel):
    """What every kind knows. `fallback` gets what this one cannot deliver, after as many failures
    as `fallback_after` says; `per_minute` is an allowance below the kind's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    language: Language = Language.ZH
    fallback: str | None = None
    fallback_after: int = Field(default=2, ge=1, le=9, strict=True)
    per_minute: int | None = Field(default=None, ge=2, le=10_000, strict=True)


class Loose(Common):
    """Webhooks and recordings keep whatever else people note there."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Robot(Common):
    """`people` gives users' ids the names that the provider mentions them by."""

    people: dict[str, Person] = Field(default_factory=dict, max_length=500)


class KeywordRobot(Robot):
    """`keyword` is the word without which the robot takes nothing, where it is set so."""

    keyword: Keyword | None = None


class MailBox(Common):
    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=False
    )

    sender: Mail = Field(alias="from")
    to: tuple[Mail, ...] = Field(min_length=1, max_length=50)
    username: str | None = Field(default=None, max_length=200)
    tls: Tls = Tls.REQUIRED


class OwnForm(Common):
    template: dict[str, Any] = Field(min_length=1)
    markup: Markup = Markup.PLAIN
    success: dict[str, str | int | float | bool | None] = Field(default_factory=dict, max_length=10)

    @field_validator("template")
    @classmethod
    def _fillable(cls, value: dict[str, Any]) -> dict[str, Any]:
        problems = [f"{path}: {message}" for path, message in problems_of(value)]
        if problems:
            raise ValueError("; ".join(problems[:5]))
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfChannel:
    """How channels of one kind are checked and paced. `check` looks at address and secrets."""

    settings: type[Common]
    check: Callable[[str | None, Sequence[str], Mapping[str, Any]], Iterator[Problem]]
    pace: Pace | None = None
    makes_secret: bool = False
    """Whether the signing secret is ours to make; else it is the provider's."""
    alerts: bool = False
    """Whether it keeps an alert for each incident."""


def problems(
    kind: str, *, url: str | None, secrets: Sequence[str] | None, settings: Mapping[str, Any]
) -> list[Problem]:
    """Every mistake in a channel as (path, message); stored secrets (None) are not judged."""
    known = KINDS[kind]
    found: list[Problem] = []
    try:
        known.settings.model_validate(dict(settings))
    except ValidationError as error:
        found += [
            (".".join(["settings", *map(str, item["loc"])]), item["msg"])
            for item in error.errors(include_input=False, include_url=False)
        ]
    if secrets is not None and len(secrets) > MOST_SECRETS:
        found.append(("secrets", f"at most {MOST_SECRETS}, the newest first"))
    for place, secret in enumerate(secrets or ()):
        if not re.fullmatch(r"[!-~]{1,500}", secret):
            found.append((f"secrets[{place}]", "visible ASCII characters without spaces, 1 to 500"))
            return found
    return found + list(known.check(url, secrets or (), settings))


def missing(
    kind: str, *, secrets: Sequence[str] | None, settings: Mapping[str, Any]
) -> list[Problem]:
    """The secrets without which a channel of the kind can send nothing at all."""
    if secrets:
        return []
    if kind == "pagerduty":
        return [("secrets", "the integration's routing key (32 characters) is needed")]
    if kind == "email" and settings.get("username"):
        return [("secrets", "the password of `username` is needed")]
    return []


def _webhook(
    url: str | None, secrets: Sequence[str], settings: Mapping[str, Any]
) -> Iterator[Problem]:
    yield from _web_address(url)
    for place, secret in enumerate(secrets):
        try:
            decode_secret(secret)
        except BadSecret as error:
            yield f"secrets[{place}]", str(error)


def _nothing(
    url: str | None, secrets: Sequence[str], settings: Mapping[str, Any]
) -> Iterator[Problem]:
    yield from ()


def _addressed(parameter: str | None = None) -> Callable[..., Iterator[Problem]]:
    """An address with, where the provider puts its key there, the parameter that holds it."""

    def check(
        url: str | None, secrets: Sequence[str], settings: Mapping[str, Any]
    ) -> Iterator[Problem]:
        wrong = list(_web_address(url))
        yield from wrong
        if parameter and not wrong and not parse_qs(urlsplit(url or "").query).get(parameter):
            yield "url", f"copy the robot's whole address, with {parameter}=… in it"

    return check


def _keyed(
    url: str | None, secrets: Sequence[str], settings: Mapping[str, Any]
) -> Iterator[Problem]:
    if url:
        yield from _web_address(url)
    if secrets and len(secrets[0]) != 32:
        yield "secrets[0]", "the routing key of the integration: 32 characters"


def _mailing(
    url: str | None, secrets: Sequence[str], settings: Mapping[str, Any]
) -> Iterator[Problem]:
    try:
        parts = urlsplit(url or "")
        usable = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
        bare = not (parts.username or parts.password or parts.query or parts.path.strip("/"))
    except ValueError:
        usable = bare = False
    if not usable or not bare:
        yield "url", "smtp://HOST:587 (STARTTLS) or smtps://HOST:465; sign-in stands elsewhere"
    if settings.get("tls") == Tls.NONE and (settings.get("username") or secrets):
        yield "settings.tls", "nobody signs in over a line that everybody reads: leave `tls` out"
    if len(secrets) > 1:
        yield "secrets", "one: the password"


def _web_address(url: str | None) -> Iterator[Problem]:
    """The address itself is a secret: messages never quote it."""
    if not url:
        yield "url", "an address like https://hooks.example/fengsui is needed"
        return
    if len(url) > LONGEST_URL:
        yield "url", f"at most {LONGEST_URL} characters"
        return
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        yield "url", "not an http or https address"


KINDS: Mapping[str, KindOfChannel] = {
    "webhook": KindOfChannel(settings=Loose, check=_webhook, makes_secret=True),
    "recording": KindOfChannel(settings=Loose, check=_nothing),
    "json": KindOfChannel(settings=OwnForm, check=_webhook),
    "dingtalk": KindOfChannel(
        settings=KeywordRobot,
        check=_addressed("access_token"),
        pace=Pace(per_minute=15, burst=5),
    ),
    "feishu": KindOfChannel(
        settings=KeywordRobot, check=_addressed(), pace=Pace(per_minute=60, burst=4)
    ),
    "wecom": KindOfChannel(
        settings=Robot,
        check=_addressed("key"),
        pace=Pace(per_minute=15, burst=5, most=12),
    ),
    "slack": KindOfChannel(
        settings=Robot, check=_addressed(), pace=Pace(per_minute=50, burst=5, most=8)
    ),
    # 120 calls a minute are taken, and a message is at most two of them.
    "pagerduty": KindOfChannel(
        settings=Common,
        check=_keyed,
        pace=Pace(per_minute=60, burst=15, digests=False),
        alerts=True,
    ),
    "email": KindOfChannel(settings=MailBox, check=_mailing, pace=Pace(per_minute=30, burst=10)),
}
"""By the kind's name. Paces stay below what the providers take."""


def patience_of(settings: Mapping[str, Any]) -> int:
    """After how many failures the fallback has a message too."""
    own = number_within(settings.get("fallback_after"), least=1, most=9)
    return Common().fallback_after if own is None else own


def number_within(value: object, *, least: int, most: int) -> int | None:
    """What a row says, brought within bounds: those of older versions hold numbers as text. None
    for what is no number.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return max(least, min(most, int(value)))
    except ValueError:
        return None
