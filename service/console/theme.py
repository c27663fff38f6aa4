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

from fastapi import Request
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from playbooks import Tier
from service.console.i18n import Language, Words
from service.console.session import BASE, PASSWORD, Taste, Theme, Visit

_DARK: Mapping[Theme, bool | None] = {Theme.AUTO: None, Theme.LIGHT: False, Theme.DARK: True}
_SHAPES = ("●", "◆", "▲", "■")
"""By rank, lowest first: a tier is told by its word and shape too, not by colour alone."""


def _version(name: str) -> str:
    data = resources.files(__package__).joinpath("assets", name).read_bytes()
    return sha256(data).hexdigest()[:12]


_ASSETS = {name: f"{BASE}/assets/{name}?{_version(name)}" for name in ("console.css", "console.js")}


def dress(taste: Taste, title: str, *, now: datetime | None = None) -> None:
    """Give the page being built its title, language, theme, style sheet and script.

    `now` is the server's instant, from which the browser's countdowns learn a wrong clock.
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
        "words": {
            name: taste.words(f"unit.{name}")
            for name in ("day", "hour", "minute", "second", "left", "late")
        },
    }
    # "<" is escaped so that no word can end the script early.
    encoded = json.dumps(settings, ensure_ascii=True).replace("<", "\\u003c")
    ui.add_head_html(
        f'<link rel="stylesheet" href="{_ASSETS["console.css"]}">'
        f"<script>window.fengsui = {encoded};</script>"
        f'<script defer src="{_ASSETS["console.js"]}"></script>'
    )


def plain(text: str, tag: str = "span", classes: str = "") -> TextElement:
    """Text as text: whatever it holds is shown, never run. Safe for what strangers wrote."""
    # A lone surrogate, legal in JSON and so in posts, has no UTF-8 form and would break the page.
    shown = text.encode("utf-8", "replace").decode("utf-8")
    element = TextElement(tag=tag, text=shown)
    return element.classes(classes) if classes else element


def put(element: ui.element, **attributes: str) -> ui.element:
    """Set attributes to values that may hold anything; `data_until` is `data-until`."""
    for name, value in attributes.items():
        element.props[name.rstrip("_").replace("_", "-")] = value
    return element


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


def frame(visit: Visit, request: Request, *, here: str) -> ui.element:
    """The bar on top, and under it the `main` that the page is built into."""
    words = visit.words
    with ui.element("header").classes("bar"):
        link(f"{BASE}/", words("brand"), "brand")
        with ui.element("nav").classes("tabs"):
            for name, address in (("queue", f"{BASE}/"), ("history", f"{BASE}/history")):
                anchor = link(address, words(f"nav.{name}"), "tab")
                if name == here:
                    anchor.props('aria-current="page"')
        taste_links(visit.taste, request)
        with ui.element("div").classes("me"):
            link(PASSWORD, visit.session.user.name, "quiet-link")
            with (
                ui.element("form").props(f'method="post" action="{BASE}/sign-out"'),
                ui.element("button").props('type="submit"').classes("act act-quiet"),
            ):
                plain(words("nav.sign_out"))
    return ui.element("main").classes("page")


def taste_links(taste: Taste, request: Request) -> None:
    """Switches of language and theme: links, so that they work without a socket."""
    words = taste.words
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    other = Language.EN if words.language is Language.ZH else Language.ZH
    themes = list(Theme)
    following = themes[(themes.index(taste.theme) + 1) % len(themes)]
    with ui.element("div").classes("taste"):
        _taste_link({"language": other.value, "to": here}, words("nav.other_language"))
        label = words(f"theme.{taste.theme.value}")
        _taste_link({"theme": following.value, "to": here}, label)


def _taste_link(choice: Mapping[str, Any], text: str) -> None:
    link(f"{BASE}/taste?{urlencode(choice)}", text, "quiet-link")
