"""What the check found in a text: how much must be mended, each finding, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import ui

from playbooks.statements import Finding, Weight
from service.console.i18n import Words
from service.console.marked import marked
from service.console.theme import plain, put

_MARKS = {Weight.BLOCKING: "!", Weight.ADVICE: "○"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A text with what was found in it; `saved` is whether the server keeps it so."""

    text: str
    findings: tuple[Finding, ...]
    degraded: tuple[str, ...]
    saved: bool = True


def draw_findings(words: Words, checked: Checked) -> None:
    """Tally, findings with what to do, and the text with its places marked."""
    blocking = sum(item.weight is Weight.BLOCKING for item in checked.findings)
    advice = len(checked.findings) - blocking
    with put(ui.element("div"), role="status", aria_live="polite").classes("line"):
        plain(words("statements.lint.title"), "h2")
        if checked.findings:
            said = words("statements.lint.count", blocking=blocking, advice=advice)
            plain(said, classes="late strong" if blocking else "soon")
        else:
            plain(words("statements.lint.fine"), classes="done")
    if not checked.saved:
        plain(words("statements.lint.unsaved"), "p", "soft small")
    if checked.degraded:
        plain(words("statements.lint.degraded"), "p", "soon small")
    with ui.element("ul").classes("steps"):
        for finding in checked.findings:
            _draw_finding(words, finding)
    if checked.findings:
        with put(ui.element("details"), data_key="lint-marked").classes("more"):
            plain(words("statements.lint.marked"), "summary", "small")
            draw_marked(checked.text, checked.findings)


def _draw_finding(words: Words, finding: Finding) -> None:
    must = finding.weight is Weight.BLOCKING
    with ui.element("li").classes("step step-breached" if must else "step"):
        label = words("statements.lint.must" if must else "statements.lint.advice")
        put(plain(_MARKS[finding.weight], classes="mark"), role="img", aria_label=label)
        with ui.element("div").classes("tight"):
            with ui.element("div").classes("line"):
                if finding.surface:
                    plain(finding.surface[:60], "mark", "foreign")
                plain(words.of(finding.why), classes="strong")
            plain(words.of(finding.do), "p", "small soft")


def draw_marked(text: str, findings: Sequence[Finding]) -> None:
    """The text with every finding's place marked."""
    spans = [(item.start, item.end) for item in findings if item.end > item.start]
    with ui.element("p").classes("foreign said"):
        for piece, hit in marked(text, spans):
            plain(piece, "mark" if hit else "span")
