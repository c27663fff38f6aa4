"""One item as a reviewer sees it. All of it was written by strangers: shown as text, never run."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import ui

from nlp.pii import masked
from service.console.marked import marked
from service.console.pages.review.place import item_address
from service.console.pages.review.prepared import Mark, Prepared
from service.console.pages.review.rubric import label_name, said, strongest
from service.console.session import Visit
from service.console.theme import link, plain, put, ticking
from service.moderation.review import Origin, ReviewItem, Rubric

_LONGEST_OTHER = 160
_MOST_MARKS = 12


def draw_card(
    visit: Visit, prepared: Prepared, rubric: Rubric, *, whole: tuple[str, str | None] | None = None
) -> None:
    """The item with all that speaks for or against it. `whole` is the text and the words of the
    appeal as they were sent, once they were revealed."""
    item = prepared.item
    draw_standing(visit, item)
    _draw_before(visit, prepared, rubric, appeal=None if whole is None else whole[1])
    _draw_context(visit, item)
    text = prepared.text if whole is None else whole[0]
    with put(ui.element("div"), data_text=item.id, aria_live="polite").classes("reading foreign"):
        for piece, is_hit in marked(text, prepared.spans):
            plain(piece, "mark" if is_hit else "span")
    _draw_why(visit, prepared)
    draw_around(visit, prepared)


def draw_standing(visit: Visit, item: ReviewItem) -> None:
    """The line that it is on, by when, and how the machine left it."""
    words = visit.words
    with ui.element("div").classes("line small"):
        plain(words.choice("review.lines", item.line.value), classes="state strong")
        if item.origin is not Origin.MACHINE:
            plain(words.choice("review.origins", item.origin.value), classes="state")
        if item.kind == "advertisement":
            plain(words("review.advertisement"), classes="state")
        if item.held:
            plain(words("review.held"), classes="state late")
        plain(words.choice("review.risks", item.risk_level), classes="state")
        with ui.element("span").classes("push line nowrap"):
            plain(words("review.due"), classes="soft")
            put(ticking("until", item.due_at), title=item.due_at.isoformat())


def _draw_before(visit: Visit, prepared: Prepared, rubric: Rubric, *, appeal: str | None) -> None:
    """Why it came up here, and the user's own words."""
    words, item = visit.words, prepared.item
    if prepared.escalated:
        with ui.element("p").classes("quote"):
            plain(words("review.escalated_because"), classes="soft")
            plain(masked(prepared.escalated), classes="foreign")
    if prepared.appealed is not None:
        codes: Mapping[str, str] = {code.id: said(words, code) for code in rubric.codes}
        reason = codes.get(prepared.appealed.reason, prepared.appealed.reason)
        plain(words("review.appeals_against", reason=reason), "p", "soft")
    if item.appeal_words:
        with ui.element("p").classes("quote"):
            plain(words("review.appeal_words"), classes="soft")
            plain(appeal or masked(item.appeal_words), classes="foreign")


def _draw_context(visit: Visit, item: ReviewItem) -> None:
    """What it answers, and what its author wrote just before: by itself a reply says little."""
    words = visit.words
    if item.parent:
        with ui.element("p").classes("quote context"):
            plain(words("review.parent"), classes="soft")
            plain(masked(item.parent), classes="foreign")
    for text in item.session:
        with ui.element("p").classes("quote context"):
            plain(words("review.earlier"), classes="soft")
            plain(masked(text), classes="foreign")


def _draw_why(visit: Visit, prepared: Prepared) -> None:
    words, item = visit.words, prepared.item
    with ui.element("div").classes("tight why"):
        with ui.element("div").classes("line small"):
            plain(words("review.machine_says"), classes="soft")
            for label in strongest(item.labels):
                source = words.choice("review.sources", label.source)
                named = label_name(words, label.label)
                plain(f"{named} {label.score:.2f} · {source}", classes="state")
            if not item.labels:
                plain(words("review.no_labels"), classes="soft")
        with ui.element("div").classes("line small soft"):
            plain(words("review.policy", policy=item.policy))
        counted = [mark for mark in prepared.marks if not mark.spared]
        if counted:
            with ui.element("div").classes("line small"):
                plain(words("review.found"), classes="soft")
                for mark in _once(counted)[:_MOST_MARKS]:
                    plain(_told(visit, mark), classes="foreign")
        spared = [mark for mark in prepared.marks if mark.spared]
        if spared:
            with ui.element("div").classes("line small soft"):
                plain(words("review.spared"))
                for mark in _once(spared)[:_MOST_MARKS]:
                    plain(f"{mark.term} → {label_name(visit.words, mark.label)}", classes="foreign")


def _once(marks: list[Mark]) -> list[Mark]:
    return list({(mark.term, mark.label): mark for mark in marks}.values())


def _told(visit: Visit, mark: Mark) -> str:
    told = f"{masked(mark.term)} → {label_name(visit.words, mark.label)}"
    if mark.evasion:
        told += f" · {visit.words('review.evasion', way=mark.evasion)}"
    return told


def draw_around(visit: Visit, prepared: Prepared) -> None:
    """The copies that a verdict speaks for, and the author's other texts."""
    words, around = visit.words, prepared.around
    if around.copies is not None:
        told = words("review.copies", copies=f"{around.copies:,}", waiting=around.waiting)
        plain(told, "p", "small strong")
    if not around.others:
        return
    with ui.element("div").classes("tight others"):
        author = (prepared.item.author or "")[-6:]
        plain(words("review.others", author=author), "h3", "small soft")
        with ui.element("ul").classes("plain-list"):
            for other in around.others:
                with ui.element("li").classes("line small"):
                    link(item_address(other.id), short(other.text), "foreign grow")
                    plain(verdict_word(visit, other), classes="state")


def short(text: str, longest: int = _LONGEST_OTHER) -> str:
    """The beginning of a text on one line, personal information masked."""
    shown = " ".join(masked(text).split())
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def verdict_word(visit: Visit, item: ReviewItem) -> str:
    """What was decided of it, or where it stands."""
    if item.ruling is not None:
        return visit.words.choice("review.rulings", item.ruling.value)
    return visit.words.choice("review.states", item.state.value)
