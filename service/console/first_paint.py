"""A page as plain HTML, which the browser shows until the toolkit has come to life.

The toolkit sends a page as data and draws it in the browser, after a megabyte of scripts. What is
to be read stands in the answer as well, so that it is painted at once; `assets/frame.js` takes it
away in the frame in which the toolkit has drawn. Nothing in it can be pressed but links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from nicegui import ui
from nicegui.functions.refreshable import RefreshableContainer

from service.console.session import Theme

ID = "first-paint"
_NEVER = frozenset({"script", "style", "iframe", "object", "embed", "link", "template"})
_VOID = frozenset({"br", "col", "hr", "img", "input", "wbr"})
_NOT_YET = frozenset({"input", "select", "textarea", "button"})
"""What is typed or pressed before there is somebody to hear it would be lost."""
_FIRST_LINE_LOST = frozenset({"pre", "textarea"})
"""HTML takes a line break that such an element begins with for none of its text."""
_LEFT_OUT = frozenset({"id", "autofocus", "data-draft", "data-form", "data-alarm", "data-key"})
"""What our scripts look for, of which there must be one."""
_TYPED = "defaultValue"
"""What stands in a field before somebody types, as scripts call it."""
_NAME = re.compile(r"[a-z][a-z0-9-]*", re.IGNORECASE)
_BEGIN = (
    f'<div id="{ID}" aria-busy="true" class="nicegui-layout q-layout q-layout--standard">'
    '<div class="q-page-container"><div class="q-page"><div class="nicegui-content">'
)
_END = "</div></div></div></div>"
_DARK = {
    Theme.LIGHT: "false",
    Theme.DARK: "true",
    Theme.AUTO: "matchMedia('(prefers-color-scheme: dark)').matches",
}


def first_paint(content: ui.element, theme: Theme) -> str:
    """The HTML for the body: everything below `content` that has a tag of HTML or SVG.

    Texts and values of attributes are escaped. Charts, dialogs and the toolkit's other pieces,
    which only scripts can draw, leave their place empty.
    """
    dark = f'<script>document.body.classList.toggle("body--dark", {_DARK[theme]})</script>'
    return "".join((dark, _BEGIN, *_children(content), _END))


def _children(element: ui.element) -> Iterator[str]:
    for child in element.default_slot.children:
        if child.visible:
            yield from _drawn(child)


def _drawn(element: ui.element) -> Iterator[str]:
    if isinstance(element, RefreshableContainer):
        yield from _children(element)
        return
    if isinstance(element, ui.echart):
        yield f'<div class="{escape(" ".join(element.classes))}"></div>'
        return
    tag = element.tag
    if "-" in tag or tag in _NEVER:
        return
    yield f"<{tag}{''.join(_attributes(element))}>"
    if tag in _VOID:
        return
    text = element._text  # The toolkit offers it of its own text elements only.
    if text is None and tag == "textarea":
        text = str(element.props.get(_TYPED, ""))
    if tag in _FIRST_LINE_LOST:
        yield "\n"
    if text:
        yield escape(text)
    yield from _children(element)
    yield f"</{tag}>"


def _attributes(element: ui.element) -> Iterator[str]:
    if element.classes:
        yield f' class="{escape(" ".join(element.classes))}"'
    style = "".join(f"{name}:{value};" for name, value in element.style.items())
    style += str(element.props.get("style", ""))
    if style:
        yield f' style="{escape(style)}"'
    for name, value in element.props.items():
        if name in _LEFT_OUT or name == "style" or not _NAME.fullmatch(name):
            continue
        if name == _TYPED:
            if element.tag == "textarea":
                continue
            name = "value"
        if value is True:
            yield f" {name}"
        elif isinstance(value, str | int | float) and value is not False:
            yield f' {name}="{escape(str(value))}"'
    if element.tag in _NOT_YET:
        yield " inert" if element.tag == "button" else " inert disabled"
