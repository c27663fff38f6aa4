"""What is said to the person: drafted from a template, looked at while it is written, recorded."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from nicegui import ui

from playbooks.schema import Template
from service.auth import Principal
from service.complaints import Deed, Published, Reply, ReplyWanted, Said, State
from service.complaints.lifecycle import allowed
from service.console.browser import call
from service.console.deeds import attempt
from service.console.forms import Form, Stored, Values
from service.console.pages.complaints.sheet import ComplaintSheet
from service.console.pages.incident.statements import draw_advice
from service.console.pages.statements.findings import Checked, draw_findings
from service.console.states import later
from service.console.theme import plain, put

SAYS = (Deed.ANSWER, Deed.RESPOND, Deed.RESOLVE, Deed.TELL)
_FIRST_WORDS = "…"
"""Stands for a text where only what is known of a template's variables is asked for."""
_RATED = frozenset({State.TOLD, State.RATED, State.CLOSED})


class Saying:
    """The left half of the page: the reply, and what the check finds in it."""

    def __init__(self, page: ComplaintSheet) -> None:
        self._page = page
        self._form: Form | None = None
        self._checks: ui.element | None = None

    def follow(self) -> None:
        """Let what is being typed go on at the newest version: it begins with nothing stored."""
        if self._form is not None:
            self._form.follow(self._stored())

    def _stored(self) -> Stored:
        complaint = self._page.complaint
        deeds = [deed for deed in allowed(complaint.state) if deed in SAYS]
        return Stored(
            values={"deed": deeds[0].value if deeds else "", "channel": complaint.source},
            version=complaint.version,
        )

    def draw(self) -> None:
        """The text to be said and recorded; nothing where nothing is to be said."""
        page, words = self._page, self._page.words
        complaint = page.complaint
        deeds = [deed for deed in allowed(complaint.state) if deed in SAYS]
        self._form = None
        if not deeds:
            return
        with ui.element("section").classes("panel stack"):
            plain(words("complaints.say.title"), "h2")
            plain(words("complaints.say.hint"), "p", "soft small")
            with put(ui.element("details"), data_key="templates").classes("more"):
                plain(words("complaints.say.templates"), "summary", "strong")
                self._draw_templates()
            form = Form(page.visit, self._name, stored=self._stored(), save=self._save)
            self._form = form
            form.said, form.after = words("complaints.say.done"), self._reread
            form.on_pause(self._look)
            with form:
                options = {deed.value: words.choice("complaints.deeds", deed) for deed in deeds}
                form.choice("deed", words("complaints.say.deed"), options)
                label = words("complaints.say.text")
                form.long_text("text", label, required=True, longest=5_000, rows=8)
                hint = words("complaints.say.channel_hint")
                label = words("complaints.say.channel")
                form.text("channel", label, hint=hint, required=True, longest=64)
                form.text("url", words("complaints.say.url"), kind="url", longest=2_000)
                hint = words("complaints.say.at_hint")
                form.instant("published_at", words("complaints.say.at"), hint=hint)
                form.submit(words("complaints.say.do"))
            self._checks = ui.element("div").classes("stack")

    @property
    def _name(self) -> str:
        return f"say-{self._page.complaint.id}"

    async def _reread(self) -> None:
        await self._page.reread(await self._page.visit.principal())

    async def _save(self, principal: Principal, values: Values) -> None:
        published = Published(
            channel=values.text("channel"),
            text=values.text("text"),
            url=values.optional("url"),
            published_at=values.instant("published_at"),
        )
        deed = Deed(values.text("deed"))
        await self._page.desks.handling.say(
            principal, self._page.complaint.id, deed, published, version=values.version
        )

    async def _look(self, values: Values) -> None:
        """Check what stands there now; nothing is kept by that."""
        text = values.text("text")
        if text:
            await self._check(ReplyWanted(text=text, lang=self._page.complaint.lang or "zh"))

    async def _check(self, wanted: ReplyWanted) -> Reply | None:
        found: list[Reply] = []

        async def read(principal: Principal) -> None:
            desk = self._page.desks.replies
            found.append(await desk.draft(principal, self._page.complaint.id, wanted))

        if not await attempt(self._page.visit, read):
            return None
        reply = found[0]
        if self._checks is not None and not self._checks.is_deleted:
            self._checks.clear()
            with self._checks:
                self._draw_checks(reply)
        return reply

    def _draw_checks(self, reply: Reply) -> None:
        linted = reply.linted
        draw_findings(
            self._page.words,
            Checked(
                text=reply.text,
                findings=tuple(linted.findings),
                degraded=tuple(linted.degraded),
                saved=False,
            ),
        )
        if reply.advice is not None:
            draw_advice(self._page.words, reply.advice)

    def _draw_templates(self) -> None:
        page, words = self._page, self._page.words
        for template in page.desks.replies.templates():
            with put(ui.element("details"), data_key=f"template-{template.id}") as folded:
                plain(words.of(template.title), "summary")
                spot = ui.element("div")
            # A dozen drafts, each read by the encoder, are too many for whoever opens none of them.
            folded.on(
                "toggle",
                partial(self._unfold, template, spot),
                js_handler="(event) => { if (event.target.open) emit(); }",
            )

    def _unfold(self, template: Template, spot: ui.element) -> None:
        """Draw a template's form when it is opened for the first time."""
        if not spot.is_deleted and not spot.default_slot.children:
            with spot:
                self._draw_template(template)

    def _draw_template(self, template: Template) -> None:
        page, words = self._page, self._page.words

        async def load(principal: Principal) -> Mapping[str, str]:
            wanted = ReplyWanted(template=template.id, text=_FIRST_WORDS)
            reply = await page.desks.replies.draft(principal, page.complaint.id, wanted)
            return reply.variables

        async def save(principal: Principal, values: Values) -> None:
            given = {name: values.text(f"values.{name}") for name in template.variables}
            wanted = ReplyWanted(
                template=template.id,
                values={name: value for name, value in given.items() if value},
            )
            reply = await page.desks.replies.draft(principal, page.complaint.id, wanted)
            call(page.visit.client, "fill", self._name, {"text": reply.text})
            if self._checks is not None and not self._checks.is_deleted:
                self._checks.clear()
                with self._checks:
                    self._draw_checks(reply)

        def draw(known: Mapping[str, str]) -> None:
            stored = Stored(values={f"values.{name}": value for name, value in known.items()})
            name = f"draft-{page.complaint.id}-{template.id}"
            form = Form(page.visit, name, stored=stored, save=save)
            form.said = words("complaints.say.filled")
            with form:
                for variable, what in template.variables.items():
                    form.text(
                        f"values.{variable}",
                        words.of(what),
                        required=what.required and variable not in known,
                        longest=1_000,
                    )
                form.submit(words("complaints.say.fill"), main=False)

        later(page.visit, load, draw)


def draw_rating(page: ComplaintSheet) -> None:
    """How the person rates it, once they were told."""
    words, complaint = page.words, page.complaint
    if complaint.state not in _RATED:
        return

    async def save(principal: Principal, values: Values) -> None:
        said = Said(
            csat=values.whole("csat"),
            nps=values.whole("nps"),
            words=values.optional("words"),
            said_by=values.optional("said_by"),
            said_at=values.instant("said_at"),
        )
        await page.desks.handling.rate(principal, complaint.id, said, version=values.version)

    async def after() -> None:
        await page.reread(await page.visit.principal())

    with ui.element("section").classes("panel stack"):
        plain(words("complaints.rate.title"), "h2")
        form = Form(page.visit, f"rate-{complaint.id}", stored=page.stored, save=save)
        form.said, form.after = words("complaints.rate.done"), after
        with form:
            scores = {str(score): str(score) for score in range(1, 6)}
            form.choice("csat", words("complaints.rate.csat"), scores, required=False)
            scores = {str(score): str(score) for score in range(11)}
            form.choice("nps", words("complaints.rate.nps"), scores, required=False)
            form.long_text("words", words("complaints.rate.words"), longest=5_000, rows=2)
            hint = words("complaints.rate.said_by_hint")
            form.text("said_by", words("complaints.rate.said_by"), hint=hint, longest=64)
            hint = words("complaints.say.at_hint")
            form.instant("said_at", words("complaints.rate.said_at"), hint=hint)
            form.submit(words("complaints.rate.do"), main=False)
