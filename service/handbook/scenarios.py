"""A chapter for each scenario: recognise, act, report, speak, watch."""

from __future__ import annotations

from collections.abc import Iterator

from playbooks import Library, Scenario
from service.documents import (
    Block,
    Bullets,
    Heading,
    PageBreak,
    Paragraph,
    Span,
    Table,
    plain,
)
from service.handbook.plans import tier_plans, times_at_a_glance
from service.handbook.wording import Wording


def scenario_chapter(library: Library, scenario: Scenario, words: Wording) -> Iterator[Block]:
    """Everything that stands in the scenario and its playbook."""
    playbook = library.playbook(scenario.playbook)
    yield PageBreak()
    yield Heading(level=1, text=words.short(scenario.name), anchor=f"scenario-{scenario.id}")
    yield Paragraph(plain(scenario.id, muted=True))
    yield Heading(level=3, text=words.label("recognise"))
    yield Paragraph(words.long(scenario.recognise))
    yield from _borders(library, scenario, words)
    yield Heading(level=3, text=words.label("overview"))
    yield times_at_a_glance(playbook.steps, library.tiers, words, playbook=playbook)
    yield from tier_plans(playbook, library.tiers, words)
    yield from _before_speaking(library, scenario, words)
    yield from _law(scenario, words)
    if scenario.monitor_afterwards:
        yield Heading(level=3, text=words.label("afterwards"))
        yield Table(
            head=(words.label("watch"), words.label("how_long")),
            rows=tuple(
                (words.long(item), plain(words.time(item.for_)))
                for item in scenario.monitor_afterwards
            ),
            widths=(80, 20),
        )


def _borders(library: Library, scenario: Scenario, words: Wording) -> Iterator[Block]:
    if scenario.takes:
        yield Heading(level=3, text=words.label("takes"))
        yield Bullets(items=tuple(words.long(item) for item in scenario.takes))
    if scenario.not_this:
        yield Heading(level=3, text=words.label("not_this"))
        items = []
        for other in scenario.not_this:
            known = library.scenarios.get(other.goes_to)
            name = other.goes_to if known is None else words.short(known.name)
            link = "" if known is None else f"#scenario-{known.id}"
            items.append((*words.long(other), Span(" → "), Span(name, link=link)))
        yield Bullets(items=tuple(items))


def _before_speaking(library: Library, scenario: Scenario, words: Wording) -> Iterator[Block]:
    if scenario.checks:
        yield Heading(level=3, text=words.label("checks"))
        yield Bullets(items=tuple(words.long(check) for check in scenario.checks), boxes=True)
    if scenario.never_say:
        yield Heading(level=3, text=words.label("never_say"))
        yield Table(
            head=(words.label("words"), words.label("why")),
            rows=tuple(
                ((Span(banned.zh, bold=True),), words.long(banned.why))
                for banned in scenario.never_say
            ),
            widths=(35, 65),
        )
    if scenario.templates:
        yield Heading(level=3, text=words.label("statements"))
        yield Bullets(
            items=tuple(
                plain(words.short(library.template(name).title), link=f"#template-{name}")
                for name in scenario.templates
            )
        )


def _law(scenario: Scenario, words: Wording) -> Iterator[Block]:
    if scenario.notices:
        yield Heading(level=3, text=words.label("notices"))
        rows = []
        for notice in scenario.notices:
            if notice.within is None:
                within = plain(words.label("by_paper"), muted=True)
            else:
                within = plain(words.time(notice.within), bold=True)
            rows.append((words.long(notice.authority), words.long(notice.when), within))
        head = tuple(words.label(key) for key in ("authority", "when", "within"))
        yield Table(head=head, rows=tuple(rows), widths=(30, 52, 18))
    if scenario.legal_basis:
        yield Heading(level=3, text=words.label("legal"))
        yield Table(
            head=tuple(words.label(key) for key in ("law", "article", "duty")),
            rows=tuple(
                (plain(basis.law), plain(basis.article or ""), words.long(basis.duty))
                for basis in scenario.legal_basis
            ),
            widths=(30, 15, 55),
        )
