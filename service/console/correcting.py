"""Saying what a post should have been read as: one dialog, wherever a post is shown."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import ui

from service.auth import Principal
from service.bootstrap import Container
from service.console.forms import Form, Values
from service.console.i18n import Words
from service.console.session import Visit
from service.console.theme import button, plain
from service.learning import CORRECTED, Head
from service.learning.head import NONE, known_labels

_LONGEST_NOTE = 1_000


async def correct(
    visit: Visit, container: Container, post_id: str, scenarios: Mapping[str, str]
) -> bool:
    """Ask for the right label in a dialog; answers whether one was given.

    The post stays as it is; what was said is learnt from. `scenarios` are names by id.
    """
    words = visit.words
    given = False

    async def save(principal: Principal, values: Values) -> None:
        head, _, label = values.text("label").partition(":")
        await container.learning.corrections.correct(
            principal, post_id, head=head, label=label, note=values.optional("note")
        )

    async def done() -> None:
        nonlocal given
        given = True
        dialog.close()

    with visit.client.content, ui.dialog() as dialog, ui.element("section").classes("panel ask"):
        plain(words("correct.title"), "h2")
        plain(words("correct.hint"), "p", "hint")
        form = Form(visit, f"correct-{post_id}", save=save)
        form.said, form.after = words("correct.done"), done
        with form:
            form.choice("label", words("correct.label"), _answers(words, scenarios))
            form.long_text("note", words("dialog.note"), longest=_LONGEST_NOTE, rows=2)
            with form.submit(words("correct.do")):
                button(words("dialog.cancel"), dialog.close, key="correct-cancel")
    await dialog
    dialog.delete()
    return given


def label_name(words: Words, scenarios: Mapping[str, str], head: Head, label: str) -> str:
    """A label of a head in words."""
    if head is not Head.SCENARIO:
        return words.choice(head.value, label)
    return words("correct.none") if label == NONE else scenarios.get(label, label)


def _answers(words: Words, scenarios: Mapping[str, str]) -> dict[str, str]:
    """Every answer that may be given, by `head:label`, such as 情感 · 负面."""
    return {
        f"{head.value}:{label}": (
            f"{words.choice('head', head.value)} · {label_name(words, scenarios, head, label)}"
        )
        for head in CORRECTED
        for label in known_labels(head, scenarios)
    }
