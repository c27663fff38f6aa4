"""A small content folder about nobody, complete enough to load, lint clean and run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

T0 = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

FILES: dict[str, str] = {
    "tiers.yaml": """\
id: brand
tiers:
  - {id: yellow, name: {zh: 一般, en: Minor}, colour: "#d4a017"}
  - {id: orange, name: {zh: 较大, en: Major}, colour: "#e8710a"}
  - {id: red, name: {zh: 重大, en: Critical}, colour: "#c5221f"}
downgrade_by_person_from: orange
""",
    "scenarios/product_quality.yaml": """\
id: product_quality
name: {zh: 产品质量投诉, en: Product quality complaints}
recognise: {zh: 说产品坏了}
playbook: product_quality
legal_basis:
  - {law: 产品质量法, duty: 修理更换退货}
notices:
  - {authority: 市场监管部门, when: 召回时, within: 24h}
templates: [product_quality.holding]
never_say: [{zh: 纯属个例, why: 激怒用户}]
monitor_afterwards: [{zh: 复发, for: 7d}]
takes: [{matter: fakes_in_groups, zh: 群里售假}]
not_this: [{zh: 看不出说的是什么, goes_to: unclassified}]
checks: [批次号核对过了吗]
""",
    "scenarios/unclassified.yaml": """\
id: unclassified
name: {zh: 未分类, en: Unclassified}
recognise: {zh: 还没有人说是哪一类}
playbook: unclassified
""",
    "rules/burst.yaml": """\
id: burst
name: {zh: 突增, en: Burst}
kind: crisis
scenarios: any
tier: orange
when:
  all:
    - {fact: negative_1h, at_least: 20}
    - any:
        - {fact: negative_share_1h, above: 0.5}
        - {fact: severity_max_1h, at_least: 4}
why: {zh: 负面突增}
""",
    "rules/flood.yaml": """\
id: flood
name: {zh: 泛滥, en: Flood}
kind: crisis
scenarios: unclassified
inhibited_by: [burst]
tier: yellow
when: {fact: posts_1h, above: 100}
why: {zh: 总量突增}
""",
    "rules/injury.yaml": """\
id: injury
name: {zh: 伤害, en: Injury}
kind: crisis
scenarios: [product_quality]
needs_brand: true
inhibited_by: [burst]
tier: red
when: {fact: injury_posts_24h, at_least: 1}
why: {zh: 有人受伤}
""",
    "ladders/standard.yaml": """\
id: standard
name: {zh: 标准, en: Standard}
steps:
  - id: detected
    title: {zh: 发现, en: Detected}
    role: duty
    anchor: first_post
    due: {all: 10m}
    done_on: opened
  - id: acknowledge
    title: {zh: 确认, en: Acknowledge}
    role: duty
    anchor: opened
    due: {yellow: 30m, orange: 15m, red: 5m}
    done_on: acknowledged
  - id: team
    title: {zh: 到齐, en: Team}
    do: {zh: 拉群}
    role: pr
    anchor: opened
    due: {orange: 1h, red: 30m}
  - id: assess
    title: {zh: 评估, en: Assess}
    do: {all: {zh: 写一页纸}, red: {zh: 先电话}}
    role: tech
    anchor: step:team
    due: {orange: 30m, red: 15m}
    needs: [team]
  - id: debrief
    title: {zh: 回访, en: Debrief}
    do: {zh: 问一遍}
    role: service
    anchor: acknowledged
    due: {all: 2h}
    mandatory: false
  - id: brief_executive
    title: {zh: 报告, en: Brief}
    do: {zh: 打电话}
    role: pr
    anchor: tier_raised
    due: {orange: 20m, red: 10m}
  - id: close
    title: {zh: 关闭, en: Close}
    role: duty
    anchor: opened
    due: {all: none}
    done_on: closed
  - id: review
    title: {zh: 复盘, en: Review}
    do: {zh: 问五次为什么}
    role: pr
    anchor: step:close
    due: {all: 7d, red: 72h}
  - id: publish_review
    title: {zh: 通报复盘, en: Publish review}
    do: {zh: 发内网}
    role: pr
    anchor: step:review
    due: {all: 1d}
""",
    "playbooks/product_quality.yaml": """\
id: product_quality
name: {zh: 产品质量, en: Product quality}
scenario: product_quality
kind: crisis
ladders: [standard]
steps:
  - id: team
    do: {red: {zh: 高管到场}}
    template: product_quality.holding
  - id: sample
    title: {zh: 送检, en: Sample}
    do: {zh: 封样送检}
    role: tech
    anchor: first_post
    due: {orange: 5h, red: 5h}
    needs: [assess]
""",
    "playbooks/unclassified.yaml": """\
id: unclassified
name: {zh: 未分类, en: Unclassified}
scenario: unclassified
kind: crisis
steps:
  - id: acknowledge
    title: {zh: 确认, en: Acknowledge}
    role: duty
    anchor: opened
    due: {all: 30m}
    done_on: acknowledged
  - id: name_scenario
    title: {zh: 定类, en: Name the scenario}
    do: {zh: 读二十条}
    role: duty
    anchor: opened
    due: {all: 1h}
  - id: team
    title: {zh: 到齐, en: Team}
    do: {zh: 拉群}
    role: pr
    anchor: opened
    due: {all: 1h}
""",
    "playbooks/coverage.yaml": """\
id: coverage
name: {zh: 覆盖, en: Coverage}
scenario: null
kind: coverage
steps:
  - id: look
    title: {zh: 看一眼, en: Look}
    do: {zh: 看信源}
    role: tech
    anchor: opened
    due: {all: 1h}
""",
    "templates/product_quality.holding.md": """\
---
id: product_quality.holding
title: {zh: 持续核实, en: Holding}
lang: zh
kind: holding
variables:
  brand: {zh: 品牌}
  contact: {zh: 联系方式, required: false}
---

{{ brand }}已看到，正在核实。{{contact}}
""",
    "cases/burst.yaml": """\
id: burst
rule_scope: {scenario: product_quality, has_brand: false}
facts: {negative_1h: 20, negative_share_1h: 0.6}
expect: {rules: [burst], tier: orange}
""",
    "cases/injury.yaml": """\
id: injury
rule_scope: {scenario: product_quality, has_brand: true}
facts: {injury_posts_24h: 1}
expect: {rules: [injury], tier: red}
""",
    "cases/flood.yaml": """\
id: flood
rule_scope: {scenario: unclassified, has_brand: false}
facts: {posts_1h: 101}
expect: {rules: [flood], tier: yellow}
""",
    "cases/plan.yaml": """\
id: plan
plan: {scenario: product_quality, tier: yellow, opened_at: 2026-01-01T00:00:00Z}
expect:
  steps: {acknowledge: 2026-01-01T00:30:00Z, close: null, debrief: null}
  absent: [team]
""",
}

CALENDAR = """\
id: cn
name: {zh: 中国, en: China}
zone: Asia/Shanghai
office: {from: "09:00", to: "18:00"}
years:
  "2026":
    source: 通知
    holidays: [2026-01-01, 2026-01-02]
    workdays: [2026-01-04]
"""
"""`calendars/cn.yaml`, which the sample does without."""


def write_content(folder: Path, changes: dict[str, str | None] | None = None) -> Path:
    """Write the sample with some files changed, added, or (None) left out."""
    for name, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder


def replaced(name: str, old: str, new: str) -> dict[str, str | None]:
    """A change of one file: `old`, which must be there, becomes `new`."""
    text = FILES[name]
    assert old in text
    return {name: text.replace(old, new)}
