"""An evaluation while it goes on."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, go, keep_fresh
from service.console.format import moment
from service.console.page import console_page, heading
from service.console.pages.models import place
from service.console.session import Visit
from service.console.theme import button, link, plain, put
from service.learning import Trial

_LIVE_S = 1.0


def register(board: Board) -> None:
    """The page `/models/trials/{trial_id}`."""
    trials = board.container.learning.trials

    @console_page(board, place.PLACE, "/models/trials/{trial_id}")
    async def one(visit: Visit, trial_id: str) -> None:
        words = visit.words
        trial = trials.get(await visit.principal(), trial_id)
        await board.names.learn(trial.by)
        with heading(visit, trial.candidate.name, hint=words("models.trial.hint")):
            link(place.LIST, words("models.back"), "act")
        shown = Shown(board, visit, trial)
        shown.body()
        if trial.is_running:
            timer = keep_fresh(visit, _LIVE_S, shown.look)
            shown.stop_looking = timer.deactivate
        else:
            shown.lead_on()


class Shown:
    """The body of the page, drawn anew while it goes on."""

    def __init__(self, board: Board, visit: Visit, trial: Trial) -> None:
        self._board = board
        self._visit = visit
        self._trial = trial
        self._seen: object = None
        self.stop_looking = _nothing

    async def look(self) -> None:
        """Draw it anew where it has moved; lead on when it has ended."""
        trial = self._trial
        seen = (trial.state, trial.stage, trial.done, trial.of)
        if seen == self._seen:
            return
        self._seen = seen
        self.body.refresh()
        if not trial.is_running:
            self.stop_looking()
            self.lead_on()

    def lead_on(self) -> None:
        """To what was found, where something was."""
        found = self._trial.found
        if found is not None and found.evaluation_id is not None:
            to = f"{place.evaluation_address(found.evaluation_id)}?trial={self._trial.id}"
            go(self._visit, to, said=self._visit.words("models.trial.done"))

    @ui.refreshable_method
    def body(self) -> None:
        """How far it is."""
        words, trial = self._visit.words, self._trial
        with put(ui.element("section"), role="status").classes("panel stack"):
            with ui.element("div").classes("line"):
                plain(place.state_of(words, trial.state), classes="state")
                plain(self._board.names.of(trial.by), classes="soft foreign")
                moment(self._visit, trial.begun_at)
            if trial.reason is not None:
                plain(trial.reason, "p", "foreign")
            if not trial.is_running:
                return
            plain(place.progress_of(words, trial), "p", "strong")
            bar = put(ui.element("progress"), aria_label=words("models.trial.progress"))
            if trial.of:
                put(bar, value=str(trial.done), max=str(trial.of))
            plain(words("models.trial.leave"), "p", "soft")
            if self._visit.may(Action.RUN, Resource.MODEL):
                with ui.element("div").classes("line"):
                    label = words("models.trial.cancel")
                    button(label, self._cancel, "act-grave", key="cancel")

    async def _cancel(self) -> None:
        async def cancel(principal: Principal) -> None:
            self._board.container.learning.trials.cancel(principal, self._trial.id)
            self.body.refresh()

        await attempt(self._visit, cancel)


def _nothing() -> None:
    """Nothing looks yet."""
