"""Saying what a post should have been read as, and what was said before."""

from __future__ import annotations

from nicegui import ui

from service.auth import Principal
from service.bootstrap import Container
from service.console.format import moment
from service.console.forms import Form, Values
from service.console.pages.posts.names import PostNames
from service.console.session import Visit
from service.console.theme import button, plain
from service.learning import CORRECTED, Correction, Head
from service.learning.head import known_labels
from service.stores import StoredPost

_LONGEST_NOTE = 1_000


async def give(visit: Visit, container: Container, names: PostNames, post: StoredPost) -> bool:
    """Ask for the right label in a dialog; answers whether one was given."""
    words = visit.words
    given = False

    async def save(principal: Principal, values: Values) -> None:
        head, _, label = values.text("label").partition(":")
        await container.learning.corrections.correct(
            principal, post.id, head=head, label=label, note=values.optional("note")
        )

    async def done() -> None:
        nonlocal given
        given = True
        dialog.close()

    with visit.client.content, ui.dialog() as dialog, ui.element("section").classes("panel ask"):
        plain(words("correct.title"), "h2")
        plain(words("correct.hint"), "p", "hint")
        form = Form(visit, f"correct-{post.id}", save=save)
        form.said, form.after = words("correct.done"), done
        with form:
            form.choice("label", words("correct.label"), _labels(names))
            form.long_text("note", words("dialog.note"), longest=_LONGEST_NOTE, rows=2)
            with form.submit(words("correct.do")):
                button(words("dialog.cancel"), dialog.close, key="correct-cancel")
    await dialog
    dialog.delete()
    return given


def _labels(names: PostNames) -> dict[str, str]:
    """Every answer that may be given, by `head:label`, such as 情感 · 负面."""
    found = {}
    for head in CORRECTED:
        named = names.words.choice("head", head.value)
        for label in known_labels(head, names.scenarios):
            found[f"{head.value}:{label}"] = f"{named} · {said(names, head, label)}"
    return found


def said(names: PostNames, head: Head, label: str) -> str:
    """A label of a head in words."""
    if head is Head.SCENARIO:
        return names.of(head.value, label)
    return names.words.choice(head.value, label)


def draw_corrections(visit: Visit, names: PostNames, corrections: tuple[Correction, ...]) -> None:
    """What people said of how it was read, the latest first; nothing where nobody did."""
    if not corrections:
        return
    words = visit.words
    plain(words("posts.corrections"), "h2")
    with ui.element("ul").classes("plain-list"):
        for one in reversed(corrections):
            with ui.element("li").classes("tight"):
                with ui.element("div").classes("line small"):
                    plain(words.choice("head", one.head.value), classes="soft")
                    before = said(names, one.head, one.machine) if one.machine else "–"
                    plain(f"{before} → {said(names, one.head, one.label)}", classes="strong")
                    moment(visit, one.at)
                if one.note:
                    plain(one.note, "p", "foreign small")
