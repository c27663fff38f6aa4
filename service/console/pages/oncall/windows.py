"""Hours of the day on days of the week: as words, and as fields of a form."""

from __future__ import annotations

from datetime import time

from nicegui import ui

from service.console.forms import Form, Values
from service.console.i18n import Words
from service.console.theme import plain
from service.errors import InvalidInput
from service.oncall.model import EVERY_DAY, Window


def window_text(window: Window, words: Words) -> str:
    """`22:00–07:00 每天`, or with the days named."""
    hours = f"{window.since:%H:%M}–{window.until:%H:%M}"
    if window.until <= window.since:
        hours = words("oncall.window.next_day", hours=hours)
    if set(window.days) == set(EVERY_DAY):
        return f"{hours} {words('oncall.window.every_day')}"
    names = (words.choice("oncall.weekday", str(day)) for day in sorted(window.days))
    return f"{hours} {words('list.comma').join(names)}"


def draw_window(
    form: Form,
    path: str,
    words: Words,
    *,
    legend: str,
    hint: str,
    current: Window | None = None,
) -> None:
    """Two times and the days, folded away; both times empty mean no window.

    `current` is named on the fold, so that nobody needs to open it to see it.
    """
    if current is not None:
        legend = words("oncall.window.set", legend=legend, hours=window_text(current, words))
    days = {str(day): words.choice("oncall.weekday", str(day)) for day in EVERY_DAY}
    with ui.element("details").classes("window"):
        plain(legend, "summary", "small")
        plain(hint, "p", "soft small")
        with ui.element("div").classes("line"):
            form.text(f"{path}.since", words("oncall.window.since"), kind="time")
            form.text(f"{path}.until", words("oncall.window.until"), kind="time")
        form.many(f"{path}.days", words("oncall.window.days"), days)


def stored_window(path: str, window: Window | None) -> dict[str, object]:
    """A window as the form has it; none is every day, without times."""
    return {
        f"{path}.since": "" if window is None else f"{window.since:%H:%M}",
        f"{path}.until": "" if window is None else f"{window.until:%H:%M}",
        f"{path}.days": EVERY_DAY if window is None else window.days,
    }


def read_window(values: Values, path: str, words: Words) -> Window | None:
    """The window that was filled in. Raises InvalidInput for half of one, and for no time."""
    since, until = values.text(f"{path}.since"), values.text(f"{path}.until")
    if not since and not until:
        return None
    found = {}
    for name, text in (("since", since), ("until", until)):
        found[name] = read_time(f"{path}.{name}", text, words)
    days = tuple(int(day) for day in values.many(f"{path}.days") if day.isdigit())
    if not days:
        said = words("oncall.window.no_days")
        raise InvalidInput(said, errors=[(f"{path}.days", said)])
    return Window(since=found["since"], until=found["until"], days=days)


def read_time(path: str, text: str, words: Words) -> time:
    """A time of day such as 09:30. Raises InvalidInput."""
    try:
        read = time.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is not None:
        said = words("oncall.window.no_time")
        raise InvalidInput(said, errors=[(path, said)])
    return read
