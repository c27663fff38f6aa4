"""Instants and numbers as people read them: in the zone of the settings, and with its name."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from nicegui import ui

from service.console.i18n import Words
from service.console.session import Visit
from service.console.theme import plain, put


def clock_time(instant: datetime, zone: ZoneInfo) -> str:
    """`11-22 06:20:05 CST`: enough on the day, with the name of the zone."""
    return f"{instant.astimezone(zone):%m-%d %H:%M:%S %Z}"


def short_time(instant: datetime, zone: ZoneInfo) -> str:
    """`11-22 06:20 CST`."""
    return f"{instant.astimezone(zone):%m-%d %H:%M %Z}"


def full_time(instant: datetime, zone: ZoneInfo) -> str:
    """`2026-11-22 06:20:05 CST (UTC+08:00)`: for titles, where nothing may be in doubt."""
    local = instant.astimezone(zone)
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M:%S %Z} (UTC{offset[:3]}:{offset[3:5]})"


def moment(visit: Visit, instant: datetime) -> ui.element:
    """Draw an instant: with its zone, and how long ago or until then, which the browser counts."""
    shown = ui.element("span").classes("moment")
    with put(shown, title=full_time(instant, visit.zone)):
        plain(short_time(instant, visit.zone), classes="nowrap")
        put(ui.element("time"), data_ago=instant.isoformat()).classes("soft small nowrap")
    return shown


def span(length: timedelta, words: Words) -> str:
    """A length in its two largest units, rounded down: `3 小时 12 分`."""
    seconds = int(abs(length).total_seconds())
    units = (
        (seconds // 86_400, words("unit.day")),
        (seconds // 3600 % 24, words("unit.hour")),
        (seconds // 60 % 60, words("unit.minute")),
        (seconds % 60, words("unit.second")),
    )
    first = next((place for place, (count, _) in enumerate(units) if count), len(units) - 1)
    return " ".join(f"{count}{unit}" for count, unit in units[first : first + 2] if count) or (
        f"0{words('unit.second')}"
    )


def measure(value: float | bool | None) -> str:
    """A fact's value: whole numbers whole and grouped, shares to three places."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if float(value).is_integer():
        return f"{int(value):,}"
    # 0.9999940 must not read as 1: whoever checks a threshold of 0.999 needs to see the difference.
    text = f"{value:.3f}"
    return f"{value:.6g}" if text.endswith(".000") else text.rstrip("0")
