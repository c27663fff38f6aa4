"""The steps of a playbook: all tiers at a glance, and each tier with its times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from playbooks import Anchors, PlannedStep, Playbook, Step, TierTable, by_due, plan
from service.documents import Block, Heading, Span, Spans, Table, plain
from service.handbook.wording import Wording

_OPENED = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""A Monday at nine in Shanghai, when offices open: the day from which times are projected."""


def times_at_a_glance(
    steps: tuple[Step, ...], tiers: TierTable, words: Wording, *, playbook: Playbook | None = None
) -> Table:
    """One row a step, one column a tier; `playbook` knows which steps go by office hours."""
    titles = {step.id: words.short(step.title) for step in steps}
    rows = []
    for step in steps:
        mandatory = () if step.mandatory else (Span(f"\n{words.label('may_skip')}", muted=True),)
        cells: list[Spans] = [
            (Span(titles[step.id]), *mandatory),
            plain(words.role(step.role)),
            plain(words.anchor(step.anchor, titles)),
        ]
        cells += [plain(_allowed(step, tier, words, playbook)) for tier in tiers.ids]
        rows.append(tuple(cells))
    head = (
        words.label("step"),
        words.label("who"),
        words.label("due"),
        *(words.short(tier.name) for tier in tiers.tiers),
    )
    return Table(head=head, rows=tuple(rows), widths=(30, 10, 20, *(13 for _ in tiers.tiers)))


def tier_plans(playbook: Playbook, tiers: TierTable, words: Wording) -> Iterator[Block]:
    """For each tier a heading and its steps: who, by when, and what to do.

    A tier that follows another has no plan of its own.
    """
    for tier in tiers.tiers:
        if tier.follows is not None:
            continue
        yield Heading(
            level=3, text=f"{words.label('plan')} · {words.short(tier.name)}", colour=tier.colour
        )
        planned = plan(playbook, Anchors.at_opening(tier=tier.id, opened=_OPENED))
        yield _plan(playbook, planned, tier.id, words)


def _plan(playbook: Playbook, planned: tuple[PlannedStep, ...], tier: str, words: Wording) -> Table:
    titles = {step.id: words.short(step.title) for step in playbook.steps}
    rows = []
    for step in by_due(planned):
        what = step.step
        then = f"\n{words.label('escalates')} {words.role(what.escalate_to)}"
        dated = what.offset(tier) is not None
        who = (Span(words.role(what.role)), *((Span(then, muted=True),) if dated else ()))
        name = (Span(titles[step.id], bold=True), *_marks(what, titles, words))
        do = () if step.instructions is None else words.long(step.instructions)
        if what.template is not None:
            label = f"\n{words.label('template')}: {what.template}"
            do = (*do, Span(label, link=f"#template-{what.template}"))
        rows.append((name, _due(step, playbook, tier, titles, words), who, do))
    head = tuple(words.label(key) for key in ("step", "due", "who", "do"))
    return Table(head=head, rows=tuple(rows), widths=(18, 22, 12, 48))


def _marks(step: Step, titles: dict[str, str], words: Wording) -> Iterator[Span]:
    if not step.mandatory:
        yield Span(f"\n{words.label('may_skip')}", muted=True)
    if step.done_on is not None:
        yield Span(f"\n{words.label('done_by')}", muted=True)
    if step.needs:
        listed = "、".join(titles[name] for name in step.needs)
        yield Span(f"\n{words.label('needs')}: {listed}", muted=True)


def _due(
    step: PlannedStep, playbook: Playbook, tier: str, titles: dict[str, str], words: Wording
) -> Spans:
    """From the anchor; for a chain of steps also from the opening, as it is projected."""
    offset = step.step.offset(tier)
    if offset is None:
        return (Span(words.label("undated")),)
    anchor = words.anchor(step.step.anchor, titles)
    spans = [Span(f"{anchor}\n"), Span(_allowed(step.step, tier, words, playbook), bold=True)]
    if step.base_at is None or step.due_at is None:
        return tuple(spans)
    if step.step.anchor_step is not None:
        after = words.time(step.due_at - _OPENED)
        spans.append(Span(f"\n{words.label('from_opening')} {after}", muted=True))
    if step.warn_at is not None and playbook.in_office_hours(step.step, tier) is None:
        warned = words.time(step.warn_at - step.base_at)
        told = words.pair((f"第 {warned}预警", f"warned at {warned}"))
        spans.append(Span(f"\n{told}", muted=True))
    late = words.time(step.step.escalate_after)
    told = words.pair((f"逾期 {late}升级", f"escalated {late} late"))
    spans.append(Span(f"\n{told}", muted=True))
    return tuple(spans)


def _allowed(step: Step, tier: str, words: Wording, playbook: Playbook | None) -> str:
    if not step.in_tier(tier):
        return words.label("lacks")
    offset = step.offset(tier)
    if offset is None:
        return words.label("undated")
    office = None if playbook is None else playbook.in_office_hours(step, tier)
    return words.time(offset) if office is None else words.office_time(offset)
