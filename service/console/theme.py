"""The look: what every page has around it, and the small pieces that all of them share."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from playbooks import Tier
from service.console.i18n import Language, Words
from service.console.session import BASE, Taste, Theme

TOASTS = "toasts"
"""The area of every page in which short notes stand."""
_DARK: Mapping[Theme, bool | None] = {Theme.AUTO: None, Theme.LIGHT: False, Theme.DARK: True}
_SHAPES = ("●", "◆", "▲", "■")
"""By rank, lowest first: a tier is told by its word and shape too, not by colour alone."""


def _version(name: str) -> str:
    data = resources.files(__package__).joinpath("assets", name).read_bytes()
    return sha256(data).hexdigest()[:12]


def _page_styles() -> tuple[str, ...]:
    """Sheets for what one page alone has, `assets/pages/<page>.css`."""
    folder = resources.files(__package__).joinpath("assets", "pages")
    return tuple(sorted(f"pages/{item.name}" for item in folder.iterdir()))


_STYLES = ("console.css", "parts.css", *_page_styles())
_SCRIPTS = ("console.js", "frame.js", "forms.js", "keys.js", "alarm.js")
_ASSETS = {name: f"{BASE}/assets/{name}?{_version(name)}" for name in (*_STYLES, *_SCRIPTS)}
_TOLD = (
    "unit.day",
    "unit.hour",
    "unit.minute",
    "unit.second",
    "unit.left",
    "unit.late",
    "connection.lost",
    "connection.back",
    "connection.unsent",
    "draft.restored",
    "keys.title",
    "keys.single",
    "keys.close",
    "keys.help",
    "keys.next",
    "keys.previous",
    "keys.open",
    "keys.select",
    "keys.search",
    "keys.extend",
)
"""Words that the browser needs by itself."""


def dress(taste: Taste, title: str, *, now: datetime | None = None, owner: str = "") -> None:
    """Give the page being built its title, language, theme, style sheets and scripts.

    `now` is the server's instant, from which the browser's countdowns learn a wrong clock; `owner`
    is whose drafts the browser may show.
    """
    client = ui.context.client
    # The toolkit keeps language and theme with the route; a copy makes them this visitor's.
    page = copy.copy(client.page)
    page.language = "zh-CN" if taste.words.language is Language.ZH else "en-US"
    page.dark = _DARK[taste.theme]
    client.page = page
    client.title = f"{title} · {taste.words('brand')}"
    settings = {
        "now": None if now is None else now.timestamp() * 1000,
        "tag": taste.words.tag,
        "owner": owner,
        "words": {key: taste.words(key) for key in _TOLD},
    }
    # "<" is escaped so that no word can end the script early.
    encoded = json.dumps(settings, ensure_ascii=True).replace("<", "\\u003c")
    styles = "".join(f'<link rel="stylesheet" href="{_ASSETS[name]}">' for name in _STYLES)
    scripts = "".join(f'<script defer src="{_ASSETS[name]}"></script>' for name in _SCRIPTS)
    ui.add_head_html(f"{styles}<script>window.fengsui = {encoded};</script>{scripts}")


def plain(text: str, tag: str = "span", classes: str = "") -> TextElement:
    """Text as text: whatever it holds is shown, never run. Safe for what strangers wrote."""
    element = TextElement(tag=tag, text=_sendable(text))
    return element.classes(classes) if classes else element


def put(element: ui.element, **attributes: str) -> ui.element:
    """Set attributes to values that may hold anything; `data_until` is `data-until`."""
    for name, value in attributes.items():
        element.props[name.rstrip("_").replace("_", "-")] = _sendable(value)
    return element


def _sendable(text: str) -> str:
    """A lone surrogate, legal in JSON and so in posts, has no UTF-8 form and breaks a page."""
    return text.encode("utf-8", "replace").decode("utf-8")


def link(address: str, text: str, classes: str = "") -> ui.element:
    """A plain link inside the console."""
    with put(ui.element("a"), href=address).classes(classes) as anchor:
        plain(text)
    return anchor


def button(label: str, act: Callable[[], Any], classes: str = "", *, key: str = "") -> ui.element:
    """Something to press. `key` names it across live updates, so that the focus finds it again."""
    pressed = put(ui.element("button"), type="button").classes(f"act {classes}")
    if key:
        put(pressed, data_key=key)
    pressed.on("click", act)
    with pressed:
        plain(label)
    return pressed


def ticking(kind: str, instant: datetime, **attributes: str) -> ui.element:
    """A place that the browser fills, every second: `until` counts down, `since` counts up."""
    element = put(ui.element("time"), **{f"data_{kind}": instant.isoformat()})
    put(element, datetime=instant.isoformat(), **attributes)
    return element.classes("ticking")


def tier_badge(words: Words, tiers: tuple[Tier, ...], tier: str) -> None:
    """Word, shape and colour of a tier; one that the table lost is shown by its id."""
    rank = next((place for place, item in enumerate(tiers) if item.id == tier), 0)
    known = tiers[rank] if tiers[rank].id == tier else None
    colour = known.colour if known else "#5b6472"
    badge = ui.element("span").classes("tier")
    put(badge, style=f"--tier:{colour};--ink:{ink_on(colour)}")
    with badge:
        plain(_SHAPES[min(rank, len(_SHAPES) - 1)], classes="shape").props('aria-hidden="true"')
        plain(words.of(known.name) if known else tier)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on #rrggbb (relative luminance of WCAG 2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"


def taste_link(choice: Mapping[str, Any], text: str) -> None:
    """A link that remembers a choice of taste and comes back."""
    link(f"{BASE}/taste?{urlencode(choice)}", text, "quiet-link")
