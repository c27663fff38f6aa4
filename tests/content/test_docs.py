"""The documentation against the code: whatever it lists must be there, and the other way round."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import click
import orjson
import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

from crawlers import Failed, Ok, OkEmpty, Response, SchemaDrift, Source, SourceKind
from playbooks.schema import Rule
from service import metrics
from service.cli.root import cli
from service.settings import Settings, load_settings, variables
from tests.support.fetching import FakeFetcher, page

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
SOURCES = (ROOT / "docs/writing-sources.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs/writing-rules.md").read_text(encoding="utf-8")
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "bench/*.md")
    for path in ROOT.glob(pattern)
)

_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_PATH = re.compile(r"`((?:crawlers|nlp|playbooks|service|tests|docs|deploy)/[\w./-]*)`")


def code_of(text: str) -> str:
    """The fenced blocks and code spans of a page, a line each."""
    spans = re.findall(r"`([^`\n]+)`", _FENCE.sub("", text))
    return "\n".join([*_FENCE.findall(text), *spans])


def rows(text: str) -> dict[str, list[str]]:
    """Rows of every table of a page: the cells by what stands in the first one."""
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("| ")]
    cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


def fields() -> list[str]:
    return sorted(f"FENGSUI_{name.upper()}" for name in Settings.model_fields)


@pytest.mark.parametrize("variable", fields())
def test_every_setting_has_a_row(variable: str) -> None:
    assert variable in rows(SETTINGS)


def test_every_file_twin_is_named() -> None:
    twins = [name for name in variables() if name.endswith("_FILE")]

    assert [name for name in twins if f"`{name}`" not in SETTINGS] == []


def test_every_row_is_a_setting() -> None:
    listed = {name for name in rows(SETTINGS) if name.startswith("FENGSUI_")}

    assert listed - set(fields()) == set()


def shown(value: object) -> str:
    """A default as a table shows it."""
    if value in ("", (), None):
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_plain_defaults_are_those_of_the_code() -> None:
    defaults = load_settings({})
    derived = {"FENGSUI_DATABASE_URL", "FENGSUI_POSTS_PATH", "FENGSUI_WORKER_ID"}
    meant = {
        variable: shown(getattr(defaults, variable.removeprefix("FENGSUI_").lower()))
        for variable in fields()
        if variable not in derived
    }

    assert {variable: rows(SETTINGS)[variable][0].strip("`") for variable in meant} == meant


def all_metrics() -> Mapping[str, MetricWrapperBase]:
    """By the name in Python."""
    return {
        name: value for name, value in vars(metrics).items() if isinstance(value, MetricWrapperBase)
    }


def exposed_name(metric: MetricWrapperBase) -> str:
    """The name that Prometheus sees; counters end in `_total`."""
    described = next(iter(metric.describe()))
    return f"{described.name}_total" if described.type == "counter" else described.name


def imported_metrics() -> set[str]:
    """Names that some module of the service imports from `service.metrics`: it counts with them."""
    found: set[str] = set()
    for module in (ROOT / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "service.metrics":
                found.update(alias.name for alias in node.names)
    return found


@pytest.mark.parametrize("metric", sorted(map(exposed_name, all_metrics().values())))
def test_every_metric_has_a_row(metric: str) -> None:
    assert metric in rows(OPERATIONS)


def test_every_metric_row_names_a_metric_and_its_labels() -> None:
    told = {
        name: tuple(label for label in cells[0].split(", ") if label)
        for name, cells in rows(OPERATIONS).items()
        if name.startswith("fengsui_")
    }

    assert told == {exposed_name(item): item._labelnames for item in all_metrics().values()}


def test_metrics_that_nothing_counts_are_marked() -> None:
    counted = imported_metrics()
    idle = {exposed_name(item) for name, item in all_metrics().items() if name not in counted}
    marked = {name for name, cells in rows(OPERATIONS).items() if "*not counted yet*" in cells[-1]}

    assert marked == idle


def commands(group: click.Group, *before: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        else:
            yield " ".join(("fengsui", *before, name))


@pytest.mark.parametrize("command", sorted(commands(cli)))
def test_every_command_is_in_the_table(command: str) -> None:
    assert re.search(rf"^\| .*`{command}[ `]", OPERATIONS, re.MULTILINE)


def is_command(words: str) -> bool:
    """Whether `fengsui WORDS` begins with a command; what follows may be arguments."""
    first, _, second = words.partition(" ")
    command = cli.commands.get(first)
    if isinstance(command, click.Group) and second:
        return second in command.commands
    return command is not None


@pytest.mark.parametrize("name", PAGES)
def test_every_command_that_a_page_names_is_there(name: str) -> None:
    named = re.findall(r"fengsui ([a-z]+(?: [a-z]+)?)", code_of((ROOT / name).read_text("utf-8")))

    assert [words for words in named if not is_command(words)] == []


def anchors(path: Path) -> set[str]:
    """Headings as GitHub makes addresses of them."""
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in plain}


def dead_links(path: Path) -> Iterator[str]:
    for target in _LINK.findall(_FENCE.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, fragment = unquote(target).partition("#")
        place = (path.parent / file) if file else path
        if not place.exists() or (
            fragment and place.suffix == ".md" and fragment not in anchors(place)
        ):
            yield target


@pytest.mark.parametrize("name", PAGES)
def test_relative_links_lead_somewhere(name: str) -> None:
    assert list(dead_links(ROOT / name)) == []


@pytest.mark.parametrize("name", PAGES)
def test_paths_in_code_spans_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert [path for path in _PATH.findall(text) if not (ROOT / path).exists()] == []


def test_the_levels_are_those_of_the_import_contract() -> None:
    """Less the names that come with a later issue."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(item["layers"] for item in contracts if item.get("id") == "inside")
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    block = re.search(r"```\n(cli\n.*?)```", text, re.DOTALL)
    assert block is not None

    told = [sorted(re.findall(r"\w+", line)) for line in block.group(1).splitlines()]
    checked = [
        sorted(name for name in re.findall(r"\w+", layer) if is_in_service(name))
        for layer in layers
        if layer != "__main__"
    ]
    assert told == [layer for layer in checked if layer]


def is_in_service(name: str) -> bool:
    return (ROOT / "service" / name).is_dir() or (ROOT / "service" / f"{name}.py").is_file()


def test_the_example_rule_is_a_rule() -> None:
    block = re.search(r"```yaml\n(id: .*?)```", RULES, re.DOTALL)

    assert block is not None
    assert Rule.model_validate(yaml.safe_load(block.group(1))).id == "injury_single"


@pytest.fixture
def example() -> Source:
    """The source that docs/writing-sources.md shows, built by its kind."""
    block = re.search(r"```python\n(.*?)```", SOURCES, re.DOTALL)
    assert block is not None
    module = ModuleType("reviews")
    exec(compile(block.group(1), "docs/writing-sources.md", "exec"), vars(module))
    kind = vars(module)["REVIEWS"]
    assert isinstance(kind, SourceKind)
    settings = kind.settings(shop="chengyu", token="t")
    return kind.build("shop-reviews", settings, lambda: pytest.fail("needs no clock"))


def answer(*reviews: Mapping[str, object], more: bool = False) -> Response:
    body = orjson.dumps({"reviews": reviews, "last": len(reviews), "more": more})
    return page(body)


GOOD = {"id": 7, "created": "2026-03-02T08:00:00Z", "text": "漏水了", "stars": 1, "user": 42}


async def test_the_example_source_brings_posts(example: Source) -> None:
    fetcher = FakeFetcher([answer(GOOD, {"id": 8}, more=True)])

    result = await example.pull({"after": 5}, fetcher)

    assert isinstance(result, Ok)
    assert [post.native_id for post in result.posts] == ["7"]
    assert len(result.rejected) == 1
    assert fetcher.asked[0][0].endswith("after=5")


async def test_the_example_source_tells_calm_from_silence(example: Source) -> None:
    failure = Failed(reason="network: gone")

    assert isinstance(await example.pull(None, FakeFetcher([answer()])), OkEmpty)
    assert isinstance(await example.pull(None, FakeFetcher([answer({"id": 8})])), SchemaDrift)
    assert isinstance(await example.pull(None, FakeFetcher([page("<html>")])), SchemaDrift)
    assert await example.pull({"after": "?"}, FakeFetcher([failure])) == failure
