"""One pull now: what came back, and what to think of it. Nothing is stored."""

from __future__ import annotations

from nicegui import ui

from crawlers import BadSettings, Outcome, Post, UnknownKind
from nlp.pii import masked
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt
from service.console.format import measure, moment
from service.console.session import Visit
from service.console.states import loading
from service.console.theme import button, plain, put
from service.errors import InvalidInput
from service.ingest.trial import Trial, try_source
from service.monitors import SourceConfig

SHOWN, REJECTED_SHOWN = 5, 10
_LONGEST = 200


def draw_trial(visit: Visit, board: Board, item: SourceConfig) -> None:
    """The panel with the button, and the verdict under it."""
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("sources.trial.title"), "h2")
        if not visit.may(Action.EDIT, Resource.SOURCE):
            plain(words("sources.trial.not_yours"), "p", "soft small")
            return
        plain(words("sources.trial.hint"), "p", "soft small")
        place = put(ui.element("div"), aria_live="polite").classes("stack")

        async def run() -> None:
            place.clear()
            with place:
                loading(words, 3)

            async def deed(principal: Principal) -> None:
                principal.require(Action.EDIT, Resource.SOURCE)
                container = board.container
                try:
                    source = await container.sources.build(item.id)
                except (BadSettings, UnknownKind) as error:
                    said = words("sources.trial.unbuilt", why=str(error))
                    raise InvalidInput(said) from error
                trial = await try_source(
                    source, container.fetcher, monotonic=container.clock.monotonic
                )
                place.clear()
                with place:
                    draw_verdict(visit, trial)

            if not await attempt(visit, deed):
                place.clear()

        button(words("sources.trial.run"), run, key="try-source")


def draw_verdict(visit: Visit, trial: Trial) -> None:
    """What came of a pull: a word for it, how many posts, some of them, what could not be read."""
    words = visit.words
    said = words.choice("sources.outcome", trial.outcome.value)
    mark = "✓" if trial.is_good else "✗"
    plain(f"{mark} {said}", "p", "strong good" if trial.is_good else "strong late")
    if trial.refused:
        plain(words("sources.trial.refused"), "p")
    if trial.reason:
        plain(trial.reason, "p", "small foreign")
    if trial.fields:
        fields = words("list.comma").join(trial.fields)
        plain(words("sources.trial.drifted", fields=fields), "p", "small foreign")
    posts = words("sources.trial.posts", posts=len(trial.posts), took=measure(trial.took_s))
    plain(posts, "p", "soft small")
    if trial.more:
        plain(words("sources.trial.more"), "p", "soft small")
    for post in trial.posts[-SHOWN:]:
        _draw_post(visit, post)
    if trial.rejected:
        said = words("sources.trial.rejected", count=len(trial.rejected))
        plain(said, "p", "strong soon")
        with ui.element("ul").classes("plain-list tight"):
            for place, reason in trial.rejected[:REJECTED_SHOWN]:
                plain(f"{place}: {masked(reason)}", "li", "small foreign")
    if trial.outcome is Outcome.OK_EMPTY:
        plain(words("sources.trial.empty"), "p", "soft")


def _draw_post(visit: Visit, post: Post) -> None:
    said = masked(post.title or post.text)
    with ui.element("article").classes("post"):
        with ui.element("div").classes("line soft small"):
            plain(post.source, classes="foreign")
            moment(visit, post.published_at)
        shown = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
        plain(shown, "p", "said foreign")
