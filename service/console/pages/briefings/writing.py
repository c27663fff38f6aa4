"""What people write into a briefing: a lead, comments; the order of sections, and which to hide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from nicegui import ui

from service.auth import Principal
from service.briefings import Briefing, Prose, SectionId, State
from service.briefings.prose import COMMENT_MAX, LEAD_MAX
from service.console.dialogs import undo
from service.console.forms import Form, Stored, Values
from service.console.pages.briefings.sheet import BriefingSheet
from service.console.theme import button, plain

EDITABLE = frozenset({State.DRAFT, State.APPROVED})


class Writing:
    """The form of a briefing's prose. It is drawn once: what is typed outlives every redrawing."""

    def __init__(self, page: BriefingSheet) -> None:
        self._page = page
        self._form: Form | None = None

    def draw(self) -> None:
        """The fields, and the figures that may be cited in them."""
        page, words = self._page, self._page.words
        self._form = None
        if page.briefing.state not in EDITABLE:
            return
        with ui.element("section").classes("panel stack"):
            plain(words("briefings.write"), "h2")
            hint = words("briefings.write_hint", name="{volume.posts}")
            plain(hint, "p", "soft small")
            with ui.element("details").classes("more"):
                plain(words("briefings.citable"), "summary", "small")
                with ui.element("dl").classes("facts small"):
                    for name, said in page.view["figures"].items():
                        plain(f"{{{name}}}", "dt", "code foreign")
                        plain(said, "dd", "foreign")
            form = Form(
                page.visit,
                f"briefing-{page.briefing.id}",
                stored=_stored(page.briefing),
                save=self._save,
                reread=self._reread,
            )
            form.said, form.after = words("briefings.written"), self._after
            with form:
                form.long_text("lead", words("briefings.lead"), longest=LEAD_MAX, rows=4)
                for section in _sections(page.briefing):
                    name = words.choice("briefings.sections", section.value)
                    label = words("briefings.comment_on", section=name)
                    form.long_text(f"comments.{section.value}", label, longest=COMMENT_MAX, rows=2)
                form.submit(words("briefings.keep"), main=False)
            self._form = form

    def follow(self) -> None:
        """Go on at the version that is stored now, where its words are those that were read."""
        if self._form is not None:
            self._form.follow(_stored(self._page.briefing))

    async def _save(self, principal: Principal, values: Values) -> None:
        page = self._page
        comments = {
            section: text
            for section in _sections(page.briefing)
            if (text := values.text(f"comments.{section.value}"))
        }
        prose = replace(page.briefing.prose, lead=values.text("lead"), comments=comments)
        await page.board.container.briefings.desk.edit(
            principal, page.briefing.id, prose, version=values.version
        )

    async def _reread(self, principal: Principal) -> Stored:
        await self._page.reread(principal)
        return _stored(self._page.briefing)

    async def _after(self) -> None:
        await self._page.reread(await self._page.visit.principal())


def draw_order(page: BriefingSheet) -> None:
    """The sections in their order, each to be moved or hidden; done at once, and undone at will."""
    words, item = page.words, page.briefing
    if item.state not in EDITABLE:
        return
    order = _sections(item)
    with ui.element("section").classes("panel stack"):
        plain(words("briefings.order"), "h2")
        if item.state is State.APPROVED:
            plain(words("briefings.edit_unapproves"), "p", "soon small")
        with ui.element("ol").classes("plain-list stack"):
            for at, section in enumerate(order):
                with ui.element("li").classes("line"):
                    _draw_section(page, order, at, section)


def _draw_section(
    page: BriefingSheet, order: Sequence[SectionId], at: int, section: SectionId
) -> None:
    words, hidden = page.words, section in page.briefing.prose.hidden
    name = words.choice("briefings.sections", section.value)
    plain(name, classes="grow soft" if hidden else "grow")
    if hidden:
        plain(words("briefings.hidden"), classes="state")
    for step, key in ((-1, "up"), (1, "down")):
        if not 0 <= at + step < len(order):
            continue
        moved = list(order)
        moved[at], moved[at + step] = moved[at + step], moved[at]
        act = partial(_arrange, page, tuple(moved), page.briefing.prose.hidden)
        pressed = button("↑" if step < 0 else "↓", act, "act-small", key=f"{key}-{section.value}")
        pressed.props["aria-label"] = words(f"briefings.{key}", section=name)
    kept = tuple(one for one in page.briefing.prose.hidden if one is not section)
    others = kept if hidden else (*kept, section)
    label = words("briefings.show" if hidden else "briefings.hide")
    act = partial(_arrange, page, tuple(order), others)
    pressed = button(label, act, "act-small", key=f"hide-{section.value}")
    pressed.props["aria-label"] = f"{label} {name}"


async def _arrange(
    page: BriefingSheet, order: tuple[SectionId, ...], hidden: tuple[SectionId, ...]
) -> None:
    desk, before = page.board.container.briefings.desk, page.briefing

    async def deed(principal: Principal) -> None:
        prose = replace(before.prose, order=order, hidden=hidden)
        await desk.edit(principal, before.id, prose, version=before.version)

    async def take_back(principal: Principal) -> None:
        now = (await desk.get(principal, before.id)).briefing
        earlier: Prose = replace(now.prose, order=before.prose.order, hidden=before.prose.hidden)
        await desk.edit(principal, before.id, earlier, version=now.version)
        await page.reread(principal)

    if await page.act(deed):
        undo(page.visit, page.words("briefings.arranged"), take_back)


def _sections(item: Briefing) -> tuple[SectionId, ...]:
    """Those that the briefing has, in its order."""
    there = [section.id for section in item.body.sections]
    order = [name for name in item.prose.order if name in there]
    return (*order, *(name for name in there if name not in order))


def _stored(item: Briefing) -> Stored:
    comments = {
        f"comments.{section.value}": item.prose.comments.get(section, "")
        for section in _sections(item)
    }
    return Stored(values={"lead": item.prose.lead, **comments}, version=item.version)
