"""What an entry would hit in the stored posts, and what is wrong with it, before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from nicegui import ui
from nicegui.events import GenericEventArguments
from pydantic import ValidationError

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.charts import Series, bar, show
from service.console.deeds import attempt
from service.console.format import measure, moment
from service.console.forms import Values
from service.console.marked import marked
from service.console.pages.lexicon.typed import typed_entry
from service.console.panels import fact_tiles
from service.console.session import BASE, Visit
from service.console.states import loading
from service.console.theme import link, plain, put
from service.errors import InvalidInput
from service.lexicon import Preview, Record, entry_of
from service.lexicon.preview import PreviewSample
from service.lexicon.vetting import Examination

DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a trial found; `before` is of the entry as it is in use now."""

    after: Preview
    before: Preview | None
    examination: Examination


class Trial:
    """The button and the panel of a trial. Nothing is saved by it."""

    _place: ui.element

    def __init__(self, board: Board, visit: Visit, record: Record | None) -> None:
        self._lexicon = board.container.lexicon
        self._visit = visit
        self._record = record

    def draw_button(self) -> None:
        """A button inside the form: what is typed there is tried."""
        pressed = put(ui.element("button"), type="button", data_key="try-entry")
        pressed.classes("act").on(
            "click",
            self._sent,
            js_handler="(event) => emit(window.fengsui.collect(event.currentTarget.form))",
        )
        with pressed:
            plain(self._visit.words("lexicon.trial.go", days=DAYS))

    def draw(self, hint: str = "") -> None:
        """Where the result will be; until then the hint."""
        self._place = put(ui.element("section"), role="status").classes("stack")
        if hint:
            with self._place, ui.element("section").classes("panel empty"):
                plain(hint, "p")

    async def _sent(self, event: GenericEventArguments) -> None:
        raw = event.args if isinstance(event.args, dict) else {}
        values = Values(raw, words=self._visit.words, zone=self._visit.zone, version=None)
        self._place.clear()
        with self._place:
            loading(self._visit.words)
        tried: list[Tried] = []

        async def look(principal: Principal) -> None:
            tried.append(await self._tried(principal, values))

        done = await attempt(self._visit, look)
        self._place.clear()
        if done:
            with self._place:
                self._draw_tried(tried[0])

    async def _tried(self, principal: Principal, values: Values) -> Tried:
        principal.require(Action.EDIT, Resource.LEXICON)
        record, previewer = self._record, self._lexicon.previewer
        try:
            form = typed_entry(values, None if record is None else record.entry.id)
        except ValidationError as error:
            wrong = [(".".join(map(str, it["loc"])), it["msg"]) for it in error.errors()]
            said = "; ".join(f"{path}: {message}" for path, message in wrong)
            raise InvalidInput(said, errors=wrong) from error
        entry = entry_of(form.cells())
        before = None
        if record is not None and record.is_active:
            before = await previewer.preview(record.entry, days=DAYS, seconds=5.0)
        return Tried(
            after=await previewer.preview(entry, days=DAYS, seconds=5.0),
            before=before,
            examination=await self._lexicon.desk.examine(entry),
        )

    def _draw_tried(self, tried: Tried) -> None:
        words, after = self._visit.words, tried.after
        with ui.element("section").classes("panel stack"):
            plain(words("lexicon.trial.title", days=DAYS), "h2")
            self._draw_examined(tried.examination)
            self._draw_figures(tried)
            if not after.complete:
                plain(words("lexicon.trial.incomplete", looked=f"{after.looked:,}"), "p", "soon")
            if after.hits:
                self._draw_days(after)
                plain(words("lexicon.trial.samples"), "h3", "strong")
                for sample in after.samples:
                    self._draw_sample(sample)
            else:
                plain(words("lexicon.trial.nothing", posts=f"{after.posts:,}"), "p", "soft")

    def _draw_examined(self, examination: Examination) -> None:
        words = self._visit.words
        if examination.mistakes:
            with ui.element("div").classes("problem stack tight"):
                plain(words("lexicon.trial.refused"), "p", "strong")
                for column, message in examination.mistakes:
                    label = words.choice("lexicon.columns", column)
                    plain(f"✗ {label}: {message}", "p", "foreign")
        for fault in examination.advice:
            flaw = words.choice("lexicon.flaws", fault.flaw.value)
            plain(f"! {flaw}: {fault.message}", "p", "foreign soon")
        if not examination.mistakes and not examination.advice:
            plain(f"✓ {words('lexicon.trial.clean')}", "p", "done")

    def _draw_figures(self, tried: Tried) -> None:
        words, after, before = self._visit.words, tried.after, tried.before
        figures = [(words("lexicon.trial.hits"), f"{after.hits:,}")]
        if before is not None:
            change = f"{before.hits:,} → {after.hits:,}"
            figures = [(words("lexicon.trial.before_after"), change)]
        share = f"{measure(round(after.share * 100, 3))} %"
        fact_tiles(
            (
                *figures,
                (words("lexicon.trial.fresh"), f"{after.fresh:,}"),
                (words("lexicon.trial.share", posts=f"{after.posts:,}"), share),
                (words("lexicon.trial.suppressed"), f"{after.suppressed:,}"),
            )
        )

    def _draw_days(self, preview: Preview) -> None:
        words = self._visit.words
        chart = bar(
            words("lexicon.trial.by_day"),
            [f"{item.day:%m-%d}" for item in preview.by_day],
            [
                Series(words("lexicon.trial.hits"), [item.hits for item in preview.by_day]),
                Series(words("lexicon.trial.fresh"), [item.fresh for item in preview.by_day]),
            ],
            unit=words("lexicon.trial.unit"),
        )
        show(self._visit, chart)

    def _draw_sample(self, sample: PreviewSample) -> None:
        words = self._visit.words
        with ui.element("div").classes("post"):
            with ui.element("div").classes("line soft small"):
                moment(self._visit, sample.published_at)
                if sample.fresh:
                    plain(words("lexicon.trial.is_fresh"), classes="state")
                if sample.evasion is not None:
                    plain(words("lexicon.try.evasion", how=sample.evasion))
                link(f"{BASE}/posts?id={quote(sample.post_id)}", words("lexicon.trial.open"))
            with ui.element("p").classes("said foreign"):
                for piece, is_hit in marked(sample.text, [(sample.start, sample.end)]):
                    plain(piece, "mark" if is_hit else "span", "foreign")
