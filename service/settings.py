"""Process settings: read once from `FENGSUI_*` variables, every mistake reported at once.

Each secret has a twin ending in `_FILE` that names a file holding the value, so that orchestrators
can mount it. What people change while the service runs (brands, channels, users) is not here.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "FENGSUI_"

SECRETS = frozenset({"database_url", "posts_api_key", "posts_url", "secret_key"})
"""Fields that may also be given as a file, by their variable with `_FILE` behind it."""

OUTSIDE = frozenset({"FENGSUI_FUZZ_SECONDS", "FENGSUI_SOAK_KILLS"})
"""Variables of tests and benchmarks; every `FENGSUI_TEST_*` is theirs too."""

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class ComplaintWatching(StrEnum):
    """When posts open complaints by the rules."""

    LIVE = "live"
    """In real time, not in replays and rehearsals."""
    ALWAYS = "always"
    NEVER = "never"


class EncoderKind(StrEnum):
    """What reads texts: the served ONNX model, Hugging Face models beside it, or words alone."""

    ONNX = "onnx"
    TORCH = "torch"
    LEXICAL = "lexical"


class EncoderModel(BaseModel):
    """A Hugging Face model that answers one task; `labels` says what its labels are called here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(min_length=1)
    task: str = Field(min_length=1)
    labels: dict[str, str] = Field(min_length=1)


class BadSettings(Exception):
    """Variables that cannot be meant; `errors` has one (variable, message) for each mistake."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(f"{name}: {message}" for name, message in self.errors))


def _networks(value: object) -> object:
    """Lists are written with commas, as people write them in a unit file."""
    if not isinstance(value, str):
        return value
    try:
        return tuple(ip_network(item.strip()) for item in value.split(",") if item.strip())
    except ValueError as error:
        raise ValueError(f"{error}; give networks like 10.1.0.0/16, split by commas") from None


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]

_MODELS_FORM = '[{"path": "FOLDER", "task": "sentiment", "labels": {"LABEL_0": "negative"}}]'


def _models(value: object) -> object:
    """A list of objects would lose its place in the report, so each is read here."""
    if not isinstance(value, str):
        return value
    try:
        given = json.loads(value)
    except ValueError as error:
        raise ValueError(f"no JSON ({error}); give {_MODELS_FORM}") from None
    if not isinstance(given, list):
        raise ValueError(f"a list is expected; give {_MODELS_FORM}")
    read = []
    for place, item in enumerate(given):
        try:
            read.append(EncoderModel.model_validate(item))
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            where = ".".join(map(str, (f"[{place}]", *first["loc"])))
            raise ValueError(f"{where}: {first['msg']}; give {_MODELS_FORM}") from None
    return tuple(read)


def _listed(urls: SecretStr | None) -> tuple[str, ...]:
    """URLs split by commas."""
    given = "" if urls is None else urls.get_secret_value()
    return tuple(filter(None, (url.strip() for url in given.split(","))))


def _names(value: object) -> object:
    """Names or folders, split by commas."""
    if not isinstance(value, str):
        return value
    return tuple(item.strip() for item in value.split(",") if item.strip())


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)]
EncoderModels = Annotated[tuple[EncoderModel, ...], NoDecode, BeforeValidator(_models)]


def _worker_id() -> str:
    """Differs between processes and hosts, so that no two workers take each other's leases."""
    return f"{re.sub(r'[^A-Za-z0-9_.-]', '-', platform.node())[:40] or 'worker'}-{os.getpid()}"


class Settings(BaseSettings):
    """Everything one process needs to know before it starts; durations end in their unit."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data_dir: Path = Path("var")
    database_url: SecretStr = SecretStr("")
    posts_path: Path = Path()
    posts_url: SecretStr | None = None
    posts_api_key: SecretStr | None = None
    posts_ca_file: Path | None = None
    posts_prefix: str = Field(default="fengsui", pattern=r"^[a-z][a-z0-9-]{0,40}$")
    timezone: str = "Asia/Shanghai"
    reporting_currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    public_url: str = "http://127.0.0.1:8600"
    fallback_channel: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9_.-]{0,63})?$")
    host: str = "127.0.0.1"
    port: int = Field(default=8600, ge=0, le=65535)
    log_format: LogFormat = LogFormat.CONSOLE
    log_level: LogLevel = LogLevel.INFO
    webhook_allow_networks: Networks = ()
    fetch_allow_networks: Networks = ()
    user_agent_contact: str = ""
    crawl_interval_s: int = Field(default=300, ge=10, le=86_400)
    canary: bool = True
    crawl_concurrency: int = Field(default=8, ge=1, le=256)
    max_body_bytes: int = Field(default=10_000_000, ge=1_000)
    encoder: EncoderKind = EncoderKind.ONNX
    encoder_path: Path | None = None
    encoder_models: EncoderModels = Field(default=(), validate_default=True)
    encoder_threads: int = Field(default=0, ge=0, le=256)
    batch_tokens: int = Field(default=2048, ge=160, le=1_000_000)
    batch_wait_ms: float = Field(default=2, ge=0, le=1_000)
    queue_texts: int = Field(default=4096, ge=1)
    queue_tokens: int = Field(default=262_144, ge=160)
    classify_per_minute: int = Field(default=60_000, ge=0)
    review_lease_min: float = Field(default=15, gt=0, le=1_440)
    review_second_h: float = Field(default=2, gt=0, le=8_760)
    review_third_h: float = Field(default=24, gt=0, le=8_760)
    review_legal_h: float = Field(default=24, gt=0, le=8_760)
    review_appeal_h: float = Field(default=24, gt=0, le=8_760)
    review_overdue_most: int = Field(default=20, ge=1)
    review_opinion_share: float = Field(default=0.05, ge=0, le=1)
    complaint_watching: ComplaintWatching = ComplaintWatching.LIVE
    policies_dir: Path | None = None
    trackers_dir: Path | None = None
    content_overlays: Names = ()
    patrol_rate: float = Field(default=0.002, ge=0, le=1)
    session_idle_h: float = Field(default=12, gt=0)
    session_absolute_h: float = Field(default=168, gt=0)
    staffing_minutes: float = Field(default=6, gt=0, le=1_440)
    staffing_shift_h: int = 8
    staffing_busy_share: float = Field(default=0.75, gt=0, le=1)
    retention_days: int = Field(default=0, ge=0, le=36_500)
    deliveries_days: int = Field(default=180, ge=7, le=36_500)
    secret_key: SecretStr | None = None
    worker_id: str = Field(default_factory=_worker_id, pattern=r"^[A-Za-z0-9_.:-]{1,64}$")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` hands over: no hidden reading of the process environment."""
        return (init_settings,)

    @field_validator("encoder_path")
    @classmethod
    def _path_is_read(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is not None and info.data.get("encoder") is EncoderKind.LEXICAL:
            raise ValueError("no model is read with FENGSUI_ENCODER=lexical; leave out one of them")
        return value

    @field_validator("encoder_models")
    @classmethod
    def _models_for_torch(
        cls, value: tuple[EncoderModel, ...], info: ValidationInfo
    ) -> tuple[EncoderModel, ...]:
        kind = info.data.get("encoder")
        if value and kind in {EncoderKind.ONNX, EncoderKind.LEXICAL}:
            raise ValueError(f"read with FENGSUI_ENCODER=torch only, which is {kind.value}")
        if not value and kind is EncoderKind.TORCH:
            raise ValueError(f"FENGSUI_ENCODER=torch needs at least one; give {_MODELS_FORM}")
        tasks = [model.task for model in value]
        if twice := sorted({task for task in tasks if tasks.count(task) > 1}):
            raise ValueError(f"two models answer {', '.join(twice)}; keep one of each")
        return value

    @field_validator("staffing_shift_h")
    @classmethod
    def _part_of_a_day(cls, value: int) -> int:
        if value not in (4, 6, 8, 12, 24):
            raise ValueError("give 4, 6, 8, 12 or 24: shifts fill the day")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"no such time zone: {value!r}; give one like Asia/Shanghai") from None
        return value

    @field_validator("public_url")
    @classmethod
    def _absolute_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("give an absolute address like https://fengsui.example")
        if parts.query or parts.fragment:
            raise ValueError("links are made by adding a path to it: no query, no fragment")
        return value.rstrip("/")

    @field_validator("database_url", mode="after")
    @classmethod
    def _known_driver(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if not url:
            return value
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in DRIVERS:
            raise ValueError("give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE")
        return SecretStr(f"{DRIVERS[scheme]}://{rest}")

    @field_validator("posts_url", mode="after")
    @classmethod
    def _nodes(cls, value: SecretStr | None) -> SecretStr | None:
        """Nodes of one Elasticsearch; a password may stand in each, so none is quoted."""
        for url in _listed(value):
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or not parts.hostname or not parts.port:
                raise ValueError("give nodes like https://node1:9200, split by commas")
        return value

    @field_validator("posts_api_key", "posts_ca_file", mode="after")
    @classmethod
    def _of_elasticsearch(
        cls, value: SecretStr | Path | None, info: ValidationInfo
    ) -> SecretStr | Path | None:
        if value is None or "posts_url" not in info.data:
            return value
        nodes = _listed(info.data["posts_url"])
        if not nodes:
            raise ValueError("read with FENGSUI_POSTS_URL only, which is not set")
        if isinstance(value, SecretStr) and any("@" in url for url in nodes):
            raise ValueError("FENGSUI_POSTS_URL holds a user and password; keep one of the two")
        return value

    @field_validator("secret_key", mode="after")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("at least 32 characters, e.g. from `openssl rand -base64 48`")
        return value

    def model_post_init(self, _context: object) -> None:
        """Places that depend on the data folder; set once, before anybody reads them."""
        if not self.database_url.get_secret_value():
            default = f"sqlite+aiosqlite:///{self.data_dir / 'state.db'}"
            object.__setattr__(self, "database_url", SecretStr(default))
        if self.posts_path == Path():
            object.__setattr__(self, "posts_path", self.data_dir / "posts.db")

    @property
    def state_url(self) -> str:
        """The state database's address with its password, for the engine alone."""
        return self.database_url.get_secret_value()

    @property
    def zone(self) -> ZoneInfo:
        """Where days, hours of the week and quiet hours are cut."""
        return ZoneInfo(self.timezone)

    @property
    def session_idle(self) -> timedelta:
        return timedelta(hours=self.session_idle_h)

    @property
    def session_absolute(self) -> timedelta:
        return timedelta(hours=self.session_absolute_h)

    @property
    def post_nodes(self) -> tuple[str, ...]:
        """Nodes of Elasticsearch, passwords included; none while the posts are in a file."""
        return _listed(self.posts_url)

    def made_at(self, data_dir: Path) -> Self:
        """The same settings with everything stored under another folder (demo, tests)."""
        elsewhere = {"database_url", "posts_path", "posts_url", "posts_api_key", "posts_ca_file"}
        kept = self.model_dump(exclude={"data_dir", *elsewhere})
        return type(self)(data_dir=data_dir, **kept)


def variables() -> dict[str, str]:
    """Every variable that is read, with the field it sets; `_FILE` twins included."""
    names = {PREFIX + name.upper(): name for name in Settings.model_fields}
    return names | {f"{PREFIX}{name.upper()}_FILE": name for name in SECRETS}


def unknown_variables(environ: Mapping[str, str]) -> tuple[str, ...]:
    """`FENGSUI_*` variables that mean nothing here, sorted: most often a typing error."""
    known = variables().keys() | OUTSIDE
    return tuple(
        sorted(
            name
            for name in environ
            if name.startswith(PREFIX)
            and name not in known
            and not name.startswith(f"{PREFIX}TEST_")
        )
    )


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Settings out of `environ`; an empty variable counts as not set.

    Raises BadSettings with every mistake, one (variable, message) each, secrets never quoted.
    """
    values: dict[str, str] = {}
    origin: dict[str, str] = {}
    errors: list[tuple[str, str]] = []
    for variable, name in variables().items():
        given = environ.get(variable, "")
        if not given:
            continue
        if name in values:
            errors.append((variable, f"{origin[name]} is set too; keep one of the two"))
            continue
        origin[name] = variable
        if variable == PREFIX + name.upper():
            values[name] = given
            continue
        try:
            values[name] = Path(given).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            errors.append((variable, f"cannot read {given}: {error}"))
    if values.get("port", "").isdigit() and "public_url" not in origin:
        # A server on another port would print, and send, links that lead nowhere.
        values["public_url"] = f"http://127.0.0.1:{values['port']}"
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        errors += [
            (origin.get(str(item["loc"][0]), str(item["loc"][0])), _plain(item["msg"]))
            for item in error.errors(include_input=False)
        ]
        raise BadSettings(errors) from None
    if errors:
        raise BadSettings(errors)
    return settings


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
