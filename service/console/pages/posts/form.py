"""The search form: the query with its mistakes while it is typed, and when, in what order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from nicegui import ui
from nicegui.events import GenericEventArguments

from service.console.pages.monitors.grammar import draw_help, draw_verdict, read
from service.console.pages.posts.asking import Asking, Period, sort_of
from service.console.session import Visit
from service.console.theme import plain, put
from service.stores import SortOrder

Ask = Callable[[Asking], Awaitable[object]]
_QUERY = "posts-q"
_COLLECT = "emit(window.fengsui.collect(event.currentTarget))"
_TYPED_S = 0.25
_TIMES = ("from", "to")


class SearchForm:
    """Reads what was typed into an Asking; the server's refusals land at its fields."""

    def __init__(self, visit: Visit, asking: Asking, ask: Ask) -> None:
        self._visit = visit
        self._asking = asking
        self._ask = ask
        self._typed = asking.one("q")

    def draw(self, problems: Mapping[str, str]) -> None:
        """The form as the address has it, with what is wrong with it."""
        words, asking = self._visit.words, self._asking
        form = put(ui.element("form"), role="search", data_sieve="posts").classes("panel stack")
        form.on(
            "submit", self._sent, js_handler=f"(event) => {{event.preventDefault(); {_COLLECT}}}"
        )
        with form:
            with ui.element("div").classes("field"):
                put(plain(words("posts.query"), "label", "name strong"), for_=_QUERY)
                with ui.element("div").classes("line query-line"):
                    box = put(ui.element("input"), id=_QUERY, name="q", type="search")
                    put(box, defaultValue=asking.one("q"), autocomplete="off", data_longest="10000")
                    put(box, aria_describedby="posts-q-verdict", placeholder=words("posts.example"))
                    box.classes("grow code")
                    box.on(
                        "input",
                        self._type,
                        js_handler="(event) => emit(event.target.value)",
                        throttle=_TYPED_S,
                        leading_events=False,
                    )
                    submit = put(ui.element("button"), type="submit", data_key="search")
                    with submit.classes("act act-main"):
                        plain(words("posts.search"))
                self._verdict = put(ui.element("div"), id="posts-q-verdict", aria_live="polite")
                self._draw_verdict()
                if "q" in problems and read(self._typed) is None:
                    plain(problems["q"], "p", "error foreign")
            with ui.element("div").classes("sieve"):
                self._choice("period", words("posts.period"), self._periods())
                for name in _TIMES:
                    self._time(name, problems.get(name, ""))
                self._choice("sort", words("posts.sort"), self._orders())
                self._choice("severity", words("posts.severity"), self._severities())
                self._choice("fold", words("posts.fold"), self._folding())
            draw_help(words)

    def _type(self, event: GenericEventArguments) -> None:
        self._typed = str(event.args or "")[:10_001]
        self._draw_verdict()

    def _draw_verdict(self) -> None:
        self._verdict.clear()
        with self._verdict:
            draw_verdict(self._visit.words, self._typed, read(self._typed))

    async def _sent(self, event: GenericEventArguments) -> None:
        sent = event.args if isinstance(event.args, dict) else {}
        values = {name: str(value or "") for name, value in sent.items()}
        times = {name: values.get(name, "") for name in _TIMES}
        period = "" if any(times.values()) else values.get("period", "")
        fold = "" if values.get("fold") == "yes" else values.get("fold", "")
        sort = "" if values.get("sort") == SortOrder.NEWEST else values.get("sort", "")
        self._asking = self._asking.having(
            q=values.get("q", "").strip(),
            from_=times["from"],
            to=times["to"],
            period="" if period == Period.WEEK else period,
            sort=sort,
            severity=values.get("severity", ""),
            fold=fold,
        )
        await self._ask(self._asking)

    def follow(self, asking: Asking) -> None:
        """Something beside the form has changed what is asked for."""
        self._asking = asking

    def _periods(self) -> tuple[dict[str, str], str]:
        words = self._visit.words
        options = {one.value: words.choice("posts.periods", one.value) for one in Period}
        period = self._asking.period
        if period is None:
            options = {"": words("posts.given_times"), **options}
        return options, "" if period is None else period.value

    def _orders(self) -> tuple[dict[str, str], str]:
        words = self._visit.words
        options = {one.value: words.choice("posts.orders", one.value) for one in SortOrder}
        return options, sort_of(self._asking).value

    def _severities(self) -> tuple[dict[str, str], str]:
        words = self._visit.words
        options = {"": words("listing.any")}
        options |= {str(n): words("posts.severity_from", severity=n) for n in range(1, 6)}
        return options, self._asking.one("severity")

    def _folding(self) -> tuple[dict[str, str], str]:
        words = self._visit.words
        options = {"yes": words("posts.folded"), "no": words("posts.unfolded")}
        return options, "yes" if self._asking.folded else "no"

    def _choice(self, name: str, label: str, choices: tuple[dict[str, str], str]) -> None:
        options, chosen = choices
        with ui.element("div").classes("field"):
            put(plain(label, "label", "name"), for_=f"posts-{name}")
            with put(ui.element("select"), id=f"posts-{name}", name=name):
                for value, said in options.items():
                    option = put(plain(said, "option"), value=value)
                    if value == chosen:
                        option.props["selected"] = True

    def _time(self, name: str, problem: str) -> None:
        words = self._visit.words
        with ui.element("div").classes("field"):
            label = words("posts.from" if name == "from" else "posts.to", zone=self._zone_name())
            put(plain(label, "label", "name"), for_=f"posts-{name}")
            box = put(ui.element("input"), id=f"posts-{name}", name=name, type="datetime-local")
            put(box, defaultValue=local(self._asking.one(name), self._visit.zone))
            if problem:
                put(box, aria_invalid="true")
                plain(problem, "p", "error foreign small")

    def _zone_name(self) -> str:
        return f"{self._visit.now().astimezone(self._visit.zone):%Z}"


def local(value: str, zone: ZoneInfo) -> str:
    """An instant or a day of an address as a field for local times has it; empty for others."""
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return ""
    here = instant if instant.tzinfo is None else instant.astimezone(zone)
    return f"{here:%Y-%m-%dT%H:%M}"
