"""Keys of a page: what a single key does, declared once, listed by `?`, and able to be off."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping

from nicegui import ui
from nicegui.events import GenericEventArguments

from service.console.session import Visit
from service.console.theme import put

Act = Callable[[], Awaitable[object]]


class Keys:
    """Shortcuts of the page that is being drawn.

    `shortcuts` is by key, as `KeyboardEvent.key` names it: the words that `?` lists, and what it
    does: an async function, or the `key` of a button or link that the browser presses by itself.
    None fires while somebody types, with Ctrl, Alt or Meta held, or under an open dialog.
    """

    def __init__(self, visit: Visit, shortcuts: Mapping[str, tuple[str, Act | str]]) -> None:
        self._visit = visit
        self._acts = {key: act for key, (_, act) in shortcuts.items() if not isinstance(act, str)}
        listed = [
            {"key": key, "label": label, "press": act if isinstance(act, str) else ""}
            for key, (label, act) in shortcuts.items()
        ]
        place = put(ui.element("div"), hidden="", data_keys=json.dumps(listed))
        place.on("shortcut", self._press, js_handler="(event) => emit(event.detail)")

    async def _press(self, event: GenericEventArguments) -> None:
        act = self._acts.get(str(event.args))
        if act is not None:
            await act()
