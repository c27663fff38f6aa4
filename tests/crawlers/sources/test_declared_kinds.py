from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers import BadSettings, build_source
from crawlers.errors import BadDeclaration
from crawlers.kind import Basis
from crawlers.source import Outcome
from crawlers.sources.declared_kinds import (
    DECLARED,
    FOLDER,
    declared_kind,
    load_declared_kinds,
    read_declaration,
)
from tests.crawlers.sources.source_site import (
    DATA,
    START,
    SourceSite,
    answer,
    by_query,
    check_crash,
    check_drift,
    check_rate_limited,
    check_sign_in_page,
    query_of,
    saved,
    source_site,
)
from tests.support.mock_site import Answer

WHY = {"enabled_because": "our counsel agreed on 2026-02-01"}
HOT = {
    "weibo_hot": ("/ajax/side/hotSearch", "2026-03-02:雾线水壶漏水"),
    "zhihu_hot": (
        "/api/v3/feed/topstory/hot-list-web",
        "2026-03-02:https://www.zhihu.com/question/91",
    ),
    "toutiao_hot": ("/hot-event/hot-board/", "2026-03-02:7400000000000000001"),
    "baidu_hot": ("/board", "2026-03-02:雾线水壶漏水"),
}
VIEWS = {"weibo_hot": 1_203_456, "zhihu_hot": 1_230_000, "toutiao_hot": 5_120_311}
VIEWS["baidu_hot"] = 4_904_312


def hot_answer(kind: str) -> Answer:
    if kind == "baidu_hot":
        return Answer(body=(DATA / kind / "board.html").read_bytes())
    return answer(saved(kind, "list"))


async def issues(site: SourceSite) -> None:
    pages = {"1": saved("github_issues", "page1"), "2": saved("github_issues", "page2")}
    site.web.on("/search/issues", by_query("page", pages))


def test_every_file_is_a_kind_of_its_name() -> None:
    assert sorted(DECLARED) == sorted(path.stem for path in FOLDER.glob("*.yaml"))
    assert {"v2ex", "github_issues", *HOT} <= set(DECLARED)


def test_hot_lists_are_unofficial_and_obey_robots() -> None:
    assert {DECLARED[kind].basis for kind in HOT} == {Basis.UNOFFICIAL}
    for kind in HOT:
        assert "obey_robots: false" not in (FOLDER / f"{kind}.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", sorted(HOT))
def test_a_hot_list_is_off_until_somebody_answers_for_it(kind: str) -> None:
    with pytest.raises(BadSettings, match="enabled_because"):
        build_source(kind, "one", {}, now=lambda: START)


@pytest.mark.parametrize("kind", sorted(HOT))
async def test_a_hot_list_is_read(kind: str) -> None:
    path, native_id = HOT[kind]
    async with source_site(kind, WHY) as site:
        site.web.on(path, hot_answer(kind))
        report = await site.pull()
    assert (report.outcome, report.posts, report.rejected) == (Outcome.OK, 2, ())
    post = site.posts[native_id]
    assert (post.source, post.lang, post.engagement.views) == (kind, "zh", VIEWS[kind])
    assert post.url is not None
    assert post.published_at == START


@pytest.mark.parametrize("kind", sorted(HOT))
async def test_a_hot_list_of_another_shape_is_drift(kind: str) -> None:
    path, _ = HOT[kind]
    async with source_site(kind, WHY) as site:
        body = hot_answer(kind).body
        for key in (b'"data"', b'"word"', b'"title_area"', b'"excerpt_area"', b'"Title"'):
            body = body.replace(key, b'"other"')
        site.web.on(path, Answer(body=body))
        report = await site.pull()
    assert report.outcome is Outcome.SCHEMA_DRIFT


@pytest.mark.parametrize("kind", sorted(HOT))
async def test_a_hot_list_behind_a_sign_in_page_is_blocked(kind: str) -> None:
    async with source_site(kind, WHY) as site:
        await check_sign_in_page(site, path=HOT[kind][0])


@pytest.mark.parametrize("kind", sorted(HOT))
async def test_a_hot_list_that_limits_is_obeyed(kind: str) -> None:
    async with source_site(kind, WHY) as site:
        site.web.on(HOT[kind][0], hot_answer(kind))
        await check_rate_limited(site)


async def test_robots_txt_shuts_a_hot_list() -> None:
    async with source_site("toutiao_hot", WHY) as site:
        site.web.on("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /"))
        report = await site.pull()
    assert report.outcome is Outcome.BLOCKED
    assert site.web.paths() == ["/robots.txt"]


async def test_weibo_asking_to_sign_in_is_blocked() -> None:
    async with source_site("weibo_hot", WHY) as site:
        site.web.on(HOT["weibo_hot"][0], answer(saved("weibo_hot", "refused")))
        report = await site.pull()
    assert report.outcome is Outcome.BLOCKED
    assert "signin" in (report.reason or "")


async def test_v2ex_topics_are_read() -> None:
    async with source_site("v2ex", {"list": "hot"}) as site:
        site.web.on("/api/topics/hot.json", answer(saved("v2ex", "latest")))
        await site.drain()
    assert site.batches == [["1101", "1102", "1103"]]
    assert site.posts["1102"].text == "雾线水壶第 1102 次漏水"
    post = site.posts["1103"]
    assert post.published_at == datetime.fromtimestamp(1_772_421_103, UTC)
    assert post.extra == {"node": "qna", "node_title": "问与答"}


async def test_v2ex_limits_drift_and_sign_in_are_noticed() -> None:
    path = "/api/topics/latest.json"
    async with source_site("v2ex", {}) as site:
        site.web.on(path, answer(saved("v2ex", "latest")))
        await check_rate_limited(site)
        site.web.on(path, answer({"status": "error", "message": "gone"}))
        await check_drift(site, field="gone")
        await check_sign_in_page(site, path=path)


async def test_issues_are_read_page_by_page() -> None:
    async with source_site("github_issues", {"query": "repo:fogline/kettle is:issue"}) as site:
        await issues(site)
        reports = await site.drain()
    assert [report.posts for report in reports] == [100, 3]
    asked = query_of(site.web.asked[0])
    assert (asked["q"], asked["page"], asked["per_page"]) == (
        "repo:fogline/kettle is:issue",
        "1",
        "100",
    )
    assert site.posts["5002"].text == "Kettle firmware 2 bricks"
    assert (site.posts["5003"].engagement.likes, site.posts["5003"].extra["labels"]) == (3, ["bug"])
    assert site.posts["5001"].author is None


async def test_issues_survive_a_crash_between_page_and_checkpoint() -> None:
    async with source_site("github_issues", {"query": "kettle"}) as site:
        await issues(site)
        await check_crash(site, ids=[str(5_000 + number) for number in range(1, 104)])


async def test_issues_that_github_could_not_all_find_are_told() -> None:
    data = saved("github_issues", "page2") | {"incomplete_results": True}
    async with source_site("github_issues", {"query": "kettle", "token": "t0ken"}) as site:
        site.web.on("/search/issues", answer(data))
        report = await site.pull()
    assert report.rejected == (
        ("answer", "the search ran out of time at GitHub: some issues are missing"),
    )
    assert site.web.asked[-1].headers["authorization"] == "Bearer t0ken"


async def test_no_issue_is_calm() -> None:
    nothing = {"total_count": 0, "incomplete_results": False, "items": []}
    async with source_site("github_issues", {"query": "kettle"}) as site:
        site.web.on("/search/issues", answer(nothing))
        assert (await site.pull()).outcome is Outcome.OK_EMPTY


def test_parameters_and_what_they_may_hold_are_in_the_schema() -> None:
    schema = DECLARED["v2ex"].settings_schema()
    assert schema["properties"]["list"]["pattern"] == "^(latest|hot)$"
    assert "query" in DECLARED["github_issues"].settings_schema()["required"]


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("v2ex", {"list": "../admin"}),
        ("v2ex", {"token": "t"}),
        ("github_issues", {}),
        ("github_issues", {"query": "x", "max_pages": 0}),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(kind: str, settings: dict[str, Any]) -> None:
    with pytest.raises(BadSettings):
        build_source(kind, "one", settings, now=lambda: START)


def test_a_token_that_is_needed_is_asked_for() -> None:
    text = (FOLDER / "github_issues.yaml").read_text(encoding="utf-8")
    needed = text.replace("auth:\n", "auth:\n  required: true\n")
    kind = declared_kind(read_declaration(needed, where="x.yaml"))
    assert "token" in kind.settings_schema()["required"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("a: [", "x.yaml: no YAML"), ("kind: x y", "x.yaml: kind"), ("[]", "x.yaml")],
)
def test_a_file_that_is_no_declaration_is_named(text: str, said: str) -> None:
    with pytest.raises(BadDeclaration, match=said):
        read_declaration(text, where="x.yaml")


def test_a_file_must_be_called_as_its_kind(tmp_path: Path) -> None:
    text = (FOLDER / "v2ex.yaml").read_text(encoding="utf-8")
    (tmp_path / "other.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadDeclaration, match="must be other"):
        load_declared_kinds(tmp_path)
