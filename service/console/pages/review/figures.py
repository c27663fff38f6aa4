"""How good review is: agreement of people, precision of the machine, what slips through."""

from __future__ import annotations

from nicegui import ui

from service.console.pages.review.rubric import label_name
from service.console.session import Visit
from service.console.theme import plain
from service.moderation.review import Quality

FEWEST = 30
"""Pairs or texts below which a figure is said to be of few."""
_MOST_LABELS = 12


def draw_quality(visit: Visit, quality: Quality, overdue_most: int) -> None:
    """The figures of the last thirty days, each with how many it was made of."""
    words = visit.words
    plain(words("review.quality"), "h2")
    told = words("review.quality_of", verdicts=f"{quality.verdicts:,}", overdue=overdue_most)
    plain(told, "p", "soft small")
    _draw_agreement(visit, quality)
    _draw_patrol(visit, quality)
    _draw_precision(visit, quality)


def _draw_agreement(visit: Visit, quality: Quality) -> None:
    words = visit.words
    plain(words("review.agreement"), "h3", "strong small")
    if not quality.agreement:
        plain(words("review.agreement_none"), "p", "soft small")
        return
    with ui.element("table").classes("figures"), ui.element("tbody"):
        for line, found in quality.agreement:
            with ui.element("tr"):
                plain(words.choice("review.lines", line.value), "th").props('scope="row"')
                if found.kappa is None:
                    value = words("review.kappa_none")
                else:
                    value = f"κ {found.kappa:.2f}"
                    if found.low is not None and found.high is not None:
                        value += f" ({found.low:.2f}–{found.high:.2f})"
                plain(value, "td")
                plain(_of(visit, found.pairs), "td", "soft")


def _draw_patrol(visit: Visit, quality: Quality) -> None:
    words, patrol = visit.words, quality.patrol
    plain(words("review.patrol"), "h3", "strong small")
    if patrol.per_10k is None:
        plain(words("review.patrol_none"), "p", "soft small")
        return
    told = words(
        "review.patrol_found",
        estimate=f"{patrol.per_10k:.1f}",
        low=f"{patrol.low:.1f}",
        high=f"{patrol.high:.1f}",
        violations=patrol.violations,
        audited=f"{patrol.audited:,}",
    )
    plain(told, "p")
    alarm = quality.patrol_alarm
    said = words.choice("review.patrol_alarms", alarm.name.lower())
    plain(("▲ " if alarm.is_alarm else "") + said, "p", "late" if alarm.is_alarm else "soft small")


def _draw_precision(visit: Visit, quality: Quality) -> None:
    words = visit.words
    plain(words("review.precision"), "h3", "strong small")
    if not quality.precision:
        plain(words("review.precision_none"), "p", "soft small")
        return
    with ui.element("table").classes("figures"), ui.element("tbody"):
        for one in quality.precision[:_MOST_LABELS]:
            with ui.element("tr"):
                plain(label_name(words, one.label), "th").props('scope="row"')
                plain(f"{one.precision:.0%} ({one.low:.0%}–{one.high:.0%})", "td")
                plain(_of(visit, one.judged), "td", "soft")


def _of(visit: Visit, count: int) -> str:
    words = visit.words
    told = words("review.of", count=f"{count:,}")
    return told if count >= FEWEST else f"{told} · {words('review.few')}"
