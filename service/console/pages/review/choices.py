"""What a reviewer can do with an item: every reason with its key, and the few other deeds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from nicegui import ui
from nicegui.events import GenericEventArguments

from service.console.forms import draft
from service.console.pages.review.rubric import (
    blocking,
    label_name,
    passing,
    reason_keys,
    said,
    strongest,
)
from service.console.session import Visit
from service.console.theme import button, plain, put
from service.moderation.review import Code, Line, ReviewItem, Rubric, Ruling

Act = Callable[[], Awaitable[object]]
_LONGEST_NOTE = 5_000
NOTE = "review-note"


@dataclass(slots=True)
class Chosen:
    """What goes with a verdict: labels of the machine that the person confirms, and a note."""

    note: str = ""
    confirmed: dict[str, bool] = field(default_factory=dict)

    @property
    def labels(self) -> tuple[str, ...]:
        """The confirmed labels, in the order in which they are shown."""
        return tuple(label for label, ticked in self.confirmed.items() if ticked)

    def write(self, event: GenericEventArguments) -> None:
        """Take what was typed into the note."""
        self.note = str(event.args or "")[:_LONGEST_NOTE].strip()

    def tick(self, label: str, event: GenericEventArguments) -> None:
        """Confirm a label, or not."""
        self.confirmed[label] = bool(event.args)


def draw_choices(
    visit: Visit,
    item: ReviewItem | None,
    rubric: Rubric,
    *,
    rule: Callable[[Code], Awaitable[object]],
    acts: Mapping[str, Act],
    chosen: Chosen,
) -> None:
    """Draw them for an item, or only undo where there is none; what is chosen goes to `chosen`."""
    words = visit.words
    if item is not None:
        with ui.element("div").classes("line verdicts"):
            _deed(words("review.pass"), "p", acts["pass"], "pass", "act-main")
            _deed(words("review.block"), "b", acts["block"], "block", "act-grave")
        _draw_deeds(visit, item, acts)
        by_code = {code.id: key for key, code in reason_keys(rubric).items()}
        usual = {code.id for code in (passing(rubric, item), blocking(rubric, item)) if code}
        for ruling in (Ruling.PASS, Ruling.BLOCK):
            codes = [code for code in rubric.codes_for(item.kind) if code.ruling is ruling]
            _draw_reasons(visit, ruling, codes, by_code, usual, rule)
        _draw_labels(visit, item, chosen)
        _draw_note(visit, item, chosen)
    else:
        _draw_deeds(visit, None, acts)


def _draw_deeds(visit: Visit, item: ReviewItem | None, acts: Mapping[str, Act]) -> None:
    words = visit.words
    with ui.element("div").classes("line deeds"):
        if item is not None:
            if item.line is Line.SECOND:
                _deed(words("review.escalate"), "e", acts["escalate"], "escalate", "act-small")
            _deed(words("review.next"), "n", acts["next"], "next", "act-small")
            _deed(words("review.reveal"), "o", acts["reveal"], "reveal", "act-small")
        _deed(words("undo.undo"), "u", acts["undo"], "undo", "act-small")


def _draw_reasons(
    visit: Visit,
    ruling: Ruling,
    codes: list[Code],
    by_code: Mapping[str, str],
    usual: set[str],
    rule: Callable[[Code], Awaitable[object]],
) -> None:
    words = visit.words
    with ui.element("div").classes("tight"):
        plain(words.choice("review.reasons", ruling.value), "h2", "small soft")
        with ui.element("div").classes("reason-list"):
            for code in codes:
                first = " usual" if code.id in usual else ""
                pressed = put(ui.element("button"), type="button", data_key=f"reason-{code.id}")
                pressed.classes(f"reason reason-{ruling.value}{first}")
                pressed.on("click", partial(rule, code))
                with pressed:
                    plain(by_code.get(code.id, ""), "kbd")
                    plain(said(words, code))
                    if first:
                        plain(words("review.usual"), classes="soft small")


def _draw_labels(visit: Visit, item: ReviewItem, chosen: Chosen) -> None:
    labels = strongest(item.labels)
    if len(labels) < 2:
        return
    words = visit.words
    with ui.element("fieldset").classes("field"):
        plain(words("review.confirm_labels"), "legend", "small soft")
        with ui.element("div").classes("checks"):
            for label in labels:
                with ui.element("label").classes("check small"):
                    box = put(ui.element("input"), type="checkbox")
                    if chosen.confirmed.get(label.label):
                        box.props["checked"] = True
                    box.on(
                        "change",
                        partial(chosen.tick, label.label),
                        js_handler="(event) => emit(event.target.checked)",
                    )
                    plain(label_name(words, label.label))


def _draw_note(visit: Visit, item: ReviewItem, chosen: Chosen) -> None:
    with ui.element("div").classes("field"):
        label = put(ui.element("label"), for_=NOTE, data_key=NOTE).classes("small soft")
        with label:
            plain(visit.words("review.note"))
            plain("m", "kbd").props('aria-hidden="true"')
        box = put(ui.element("input"), id=NOTE, type="text", autocomplete="off")
        put(box, data_longest=str(_LONGEST_NOTE), defaultValue=chosen.note)
        draft(box, note_draft(item.id))
        box.on("input", chosen.write, js_handler="(event) => emit(event.target.value)")


def note_draft(item_id: str) -> str:
    """The key of the draft of an item's note."""
    return f"review-note-{item_id}"


def _deed(label: str, shortcut: str, act: Act, key: str, classes: str) -> None:
    pressed = button(label, act, classes, key=key)
    with pressed:
        plain(shortcut.upper(), "kbd").props('aria-hidden="true"')
