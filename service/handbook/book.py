"""The whole handbook, from the library of an installation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from playbooks import SCENARIOS, UNCLASSIFIED, Kind, Library, Role, Scenario, Template, Text
from service.documents import (
    Block,
    Bullets,
    Heading,
    Letter,
    PageBreak,
    Paged,
    Paragraph,
    Span,
    Table,
    plain,
)
from service.handbook.plans import tier_plans, times_at_a_glance
from service.handbook.scenarios import scenario_chapter
from service.handbook.wording import KINDS, ROLES, Lang, Wording

_HOW = (
    Text(
        zh="先定等级，再翻到对应场景：每个等级的步骤表写着谁、最迟几时、做什么。拿不准是哪一类，按“未分类”走，定了再换。",
        en="Settle the tier, then open the scenario: the table of the tier says who, by when and "
        "what. Not sure which scenario? Take “unclassified” until you know.",
    ),
    Text(
        zh="两个钟同时走：首帖时间是公众的钟，开单时间是我们的钟。法定时限从法律写的那一刻起算。",
        en="Two clocks run: the public counts from the first post, we count from the opening. "
        "Periods of the law run from when the law says.",
    ),
    Text(
        zh="预警是到点前的提醒；过了最迟时间没有完成，就找“逾期找”的那一位，不等人问。",
        en="The warning comes before the time is up; what is not done by then goes to the person "
        "named after “then”, unasked.",
    ),
    Text(
        zh="任何一句话发出去之前，过一遍“发布前逐条核对”和“绝不能说”。",
        en="Before anything is published, go through the checks and what must never be said.",
    ),
    Text(
        zh="法律会变：依据和时限用之前请法务核对现行文本。",
        en="Laws change: let counsel read basis and periods against the text in force.",
    ),
)


def handbook(library: Library, lang: Lang) -> Paged:
    """The handbook of what the library holds, in Chinese, English or both."""
    words = Wording(lang)
    return Paged(
        title=words.label("title"),
        subtitle=f"Fengsui 烽燧 · {words.label('table')} {library.tiers.id} · "
        f"{words.label('version')} {library.version}",
        lang="en" if lang is Lang.EN else "zh-CN",
        contents=words.label("contents"),
        blocks=tuple(_blocks(library, words)),
    )


def _blocks(library: Library, words: Wording) -> Iterator[Block]:
    yield PageBreak()
    yield from _ground(library, words)
    yield from _ladders(library, words)
    for scenario in _in_order(library):
        yield from scenario_chapter(library, scenario, words)
    yield PageBreak()
    yield Heading(level=1, text=words.label("others"), anchor="others")
    for kind in Kind:
        if kind is not Kind.CRISIS and kind.value in library.playbooks:
            playbook = library.playbook(kind)
            yield Heading(level=2, text=words.pair(KINDS[kind]), anchor=f"kind-{kind.value}")
            yield times_at_a_glance(playbook.steps, library.tiers, words, playbook=playbook)
            yield from tier_plans(playbook, library.tiers, words)
    yield PageBreak()
    yield Heading(level=1, text=words.label("statements"), anchor="statements")
    for name in sorted(library.templates):
        yield from _statement(library.template(name), words)


def _in_order(library: Library) -> tuple[Scenario, ...]:
    """The scenarios that the content has, in the order of their list."""
    ids = (*SCENARIOS, UNCLASSIFIED)
    return tuple(library.scenarios[name] for name in ids if name in library.scenarios)


def _ground(library: Library, words: Wording) -> Iterator[Block]:
    yield Heading(level=1, text=words.label("how"), anchor="how")
    yield Bullets(items=tuple(words.long(line) for line in _HOW))
    yield Heading(level=2, text=words.label("tiers"), anchor="tiers")
    table = library.tiers
    person = table.ids.index(table.downgrade_by_person_from)
    yield Table(
        head=(words.label("tier"), words.label("name"), words.label("lowered")),
        rows=tuple(
            (
                plain(tier.id),
                plain(words.short(tier.name), bold=True),
                plain(words.label("by_person" if place >= person else "by_quiet")),
            )
            for place, tier in enumerate(table.tiers)
        ),
        widths=(20, 40, 40),
    )
    yield Heading(level=2, text=words.label("roles"), anchor="roles")
    yield Bullets(items=tuple(plain(words.pair(ROLES[role])) for role in Role))
    if library.calendars:
        yield Heading(level=2, text=words.label("calendars"), anchor="calendars")
        rows = []
        for calendar in library.calendars.values():
            hours = f"{calendar.office.from_:%H:%M}–{calendar.office.to:%H:%M} {calendar.zone}"
            years = plain(", ".join(sorted(calendar.years)))
            rows.append((plain(words.short(calendar.name)), plain(hours), years))
        head = tuple(words.label(key) for key in ("name", "hours", "years"))
        yield Table(head=head, rows=tuple(rows), widths=(30, 35, 35))
    yield Heading(level=2, text=words.label("which"), anchor="which")
    yield Table(
        head=(words.label("scenario"), words.label("recognise")),
        rows=tuple(
            (
                plain(words.short(scenario.name), link=f"#scenario-{scenario.id}"),
                words.long(scenario.recognise),
            )
            for scenario in _in_order(library)
        ),
        widths=(25, 75),
    )


def _ladders(library: Library, words: Wording) -> Iterator[Block]:
    yield PageBreak()
    yield Heading(level=1, text=words.label("ladders"), anchor="ladders")
    taken = Counter(name for playbook in library.playbooks.values() for name in playbook.ladders)
    for ladder in sorted(library.ladders.values(), key=lambda ladder: -taken[ladder.id]):
        yield Heading(level=2, text=words.short(ladder.name), anchor=f"ladder-{ladder.id}")
        yield times_at_a_glance(ladder.steps, library.tiers, words)


def _statement(template: Template, words: Wording) -> Iterator[Block]:
    yield Heading(level=2, text=words.short(template.title), anchor=f"template-{template.id}")
    yield Paragraph(plain(f"{template.id} · {template.kind.value} · {template.lang}", muted=True))
    if template.variables:
        items = []
        for name, variable in template.variables.items():
            need = words.label("required" if variable.required else "optional")
            lead = (Span(f"{{{{ {name} }}}} ", bold=True), Span(f"{need} · ", muted=True))
            items.append((*lead, *words.long(variable)))
        yield Bullets(items=tuple(items), boxes=True)
    yield Letter(template.body)
