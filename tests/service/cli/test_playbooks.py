"""`fengsui playbook list | show | export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from tests.support.process import Shell


def plan(shell: Shell, *arguments: str) -> dict[str, Any]:
    done = shell("playbook", "show", *arguments, "--json")
    assert done.code == 0, done.err
    shown: dict[str, Any] = json.loads(done.out)
    return shown


def step(shown: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in shown["steps"] if one["id"] == name]
    return dict(found)


def test_a_playbook_is_shown_with_its_times(shell: Shell) -> None:
    done = shell("playbook", "show", "safety_incident", "red")
    assert done.code == 0
    first, second, *steps = done.out.splitlines()
    assert first.startswith("safety_incident · red · ")
    assert second.startswith("opened 2026-03-02 09:00 Asia/Shanghai")
    (line,) = [each for each in steps if " acknowledge " in each]
    assert line.split()[:8] == ["+5m", "+5m", "03-02", "09:05", "03-02", "09:04", "03-02", "09:15"]
    assert "duty → executive" in line


def test_both_clocks_run(shell: Shell) -> None:
    times = ("--opened-at", "2026-05-01T10:00", "--first-post-at", "2026-05-01T09:20:00+08:00")
    shown = plan(shell, "product_quality", "orange", *times)
    assert shown["opened_at"] == "2026-05-01T02:00:00Z"
    assert shown["first_post_at"] == "2026-05-01T01:20:00Z"
    assert step(shown, "detected")["due_at"] == "2026-05-01T01:30:00Z"
    assert step(shown, "detected")["after_opening_s"] == -1800
    acknowledge = step(shown, "acknowledge")
    assert (acknowledge["after_opening_s"], acknowledge["after_first_post_s"]) == (900, 3300)
    assert acknowledge["warn_at"] == "2026-05-01T02:12:00Z"
    assert acknowledge["escalate_at"] == "2026-05-01T02:25:00Z"
    out = shell("playbook", "show", "product_quality", "orange", *times).out
    assert "first post 2026-05-01 09:20 (−40m)" in out
    assert any(line.split()[:2] == ["−30m", "+10m"] for line in out.splitlines() if line.strip())


def test_a_graver_tier_leaves_less_time(shell: Shell) -> None:
    waits = [
        step(plan(shell, "product_quality", tier), "acknowledge")["allowed_s"]
        for tier in ("yellow", "orange", "red")
    ]
    assert waits == [1800, 900, 300]


def test_the_first_due_comes_first_and_the_undated_last(shell: Shell) -> None:
    lines = shell("playbook", "show", "outage", "red", "--brief").out.splitlines()
    head = next(place for place, line in enumerate(lines) if line.split()[:1] == ["opening"])
    dues = [line[21:32].strip() for line in lines[head + 1 :]]
    dated = [due for due in dues if due != "–"]
    assert dated == sorted(dated)
    assert dues == dated + ["–"] * (len(dues) - len(dated))


def test_what_surrounds_the_plan_is_shown_unless_briefly(shell: Shell) -> None:
    full = shell("playbook", "show", "data_privacy", "red").out
    brief = shell("playbook", "show", "data_privacy", "red", "--brief").out
    parts = ("怎么识别", "也归这里", "报告与通知", "逐条核对", "绝不能说", "事后盯什么")
    for part in parts:
        assert part in full
        assert part not in brief
    assert "    72h  " not in brief
    assert "template data_privacy.holding" in full


def test_a_step_of_the_office_says_so(shell: Shell) -> None:
    times = ("--opened-at", "2026-02-13T17:30")
    out = shell("playbook", "show", "service_aftersales", "yellow", *times).out
    assert "office hours" in out
    shown = plan(shell, "service_aftersales", "yellow", *times)
    assert {one["clock"] for one in shown["steps"]} == {"wall", "business"}


def test_a_year_whose_holidays_nobody_knows_is_named(shell: Shell) -> None:
    out = shell("playbook", "show", "outage", "yellow", "--opened-at", "2039-02-01").out
    assert "public holidays of 2039 are not known" in out


@pytest.mark.parametrize("kind", ["coverage", "backlog", "person_at_risk", "unclassified"])
def test_other_kinds_have_plans_too(shell: Shell, kind: str) -> None:
    shown = plan(shell, kind, "red")
    assert shown["steps"]
    assert (shown["surroundings"] is None) is (kind != "unclassified")


def test_the_national_levels(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    blue = plan(shell, "outage", "blue", "--tiers", "national")
    yellow = plan(shell, "outage", "yellow")
    times = [[one["due_at"] for one in shown["steps"]] for shown in (blue, yellow)]
    assert times[0] == times[1]
    monkeypatch.setenv("FENGSUI_CONTENT_OVERLAYS", "national")
    assert plan(shell, "outage", "blue")["tier"] == "blue"
    assert "tiers: blue, yellow, orange, red" in shell("playbook", "list").out


def test_the_list_names_scenarios_kinds_and_tiers(shell: Shell) -> None:
    listed = json.loads(shell("playbook", "list", "--json").out)
    assert len(listed["scenarios"]) == 16
    assert [tier["id"] for tier in listed["tiers"]] == ["yellow", "orange", "red"]
    lines = shell("playbook", "list").out.splitlines()
    assert any(line.startswith("data_privacy ") and "Data and privacy" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("outage", "blue"), "yellow, orange, red"),
        (("flood", "red"), "safety_incident"),
        (("outage", "red", "--opened-at", "soon"), "2026-01-31"),
        (("outage", "red", "--first-post-at", "2026-03-03"), "nothing opens before a post"),
        (("outage", "red", "--tiers", "./nowhere"), "there is no such folder"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    shell: Shell, arguments: tuple[str, ...], said: str
) -> None:
    done = shell("playbook", "show", *arguments)
    assert done.code == 2
    assert said in done.err


def test_the_handbook_as_a_page(shell: Shell, tmp_path: Path) -> None:
    written = tmp_path / "handbook.html"
    done = shell("playbook", "export", "--format", "html", "-o", written, "--lang", "both")
    assert done.code == 0, done.err
    page = written.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "危机应对手册 Crisis handbook" in page


def test_the_handbook_as_docx_opens_again(shell: Shell, tmp_path: Path) -> None:
    written = tmp_path / "handbook.docx"
    done = shell("playbook", "export", "--format", "docx", "-o", written)
    assert done.code == 0, done.err
    opened = docx.Document(str(written))
    headings = {
        line.text
        for line in opened.paragraphs
        if line.style is not None and line.style.name == "Heading 1"
    }
    assert {"怎么用这本手册", "数据与隐私泄露", "声明模板"} <= headings
    assert len(opened.tables) > 100
    body = opened.element.body
    names = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(names) == len(set(names))
    assert {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} <= set(names)
