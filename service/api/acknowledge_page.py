"""The page behind an acknowledge link: plain HTML, no script, readable on a phone."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import HTMLResponse, Response

from service.api.acknowledging import Answered, Standing
from service.delivery.channels.escaping import web
from service.delivery.channels.wording import Language, Terms, Words

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_SAID: Mapping[Standing, Mapping[str, str]] = {
    Standing.WAITING: {
        "zh": "按下按钮即表示由你接手处理。",
        "en": "Press the button to say that you take it.",
    },
    Standing.DONE: {"zh": "已确认，由你接手处理。", "en": "Acknowledged; it is yours."},
    Standing.USED: {
        "zh": "这个链接已经用过，无需再按。",
        "en": "This link has been used; nothing more to do.",
    },
    Standing.TAKEN: {
        "zh": "这起事件已有人处理，链接不再需要。",
        "en": "Somebody has taken this incident already; the link is not needed any more.",
    },
    Standing.NOT_YOURS: {
        "zh": "你的账号无权确认这起事件，请联系负责人。",
        "en": "Your account may not acknowledge this incident; ask a lead.",
    },
    Standing.ENDED: {
        "zh": "这个链接已过期，请到控制台处理。",
        "en": "This link has ended; work from the console.",
    },
    Standing.UNKNOWN: {
        "zh": "这个链接无效：不是烽燧发出的，或在途中被改动。",
        "en": "This link is none of ours, or was changed on its way.",
    },
}
_NAMED: Mapping[Standing, Mapping[str, str]] = {
    Standing.WAITING: {
        "zh": "这条通知发给 {name}。按下按钮即以 {name} 的名义接手；如果你不是本人，请勿代按。",
        "en": "This page is for {name}. The button takes it in the name of {name}; if that is "
        "not you, do not press it.",
    },
    Standing.DONE: {
        "zh": "已以 {name} 的名义确认，由 {name} 接手处理。",
        "en": "Acknowledged in the name of {name}, who has it now.",
    },
}
"""For a page that was for one person."""
_BUTTON_AS = {"zh": "以 {name} 的名义确认", "en": "Acknowledge as {name}"}
_BUTTON = {"zh": "确认接警", "en": "Acknowledge"}
_STATUS = {
    Standing.WAITING: 200,
    Standing.DONE: 200,
    Standing.USED: 410,
    Standing.TAKEN: 409,
    Standing.NOT_YOURS: 403,
    Standing.ENDED: 410,
    Standing.UNKNOWN: 404,
}


def page(answered: Answered, *, words: Words, terms: Terms, console: str) -> Response:
    """The answer; `console` is the address of the console's incidents."""
    rows = []
    incident = answered.incident
    if incident is not None:
        tier = terms.tiers.get(incident.tier)
        heading = words("brackets", text=words.of(tier.names)) if tier else ""
        if incident.drill:
            heading = words("brackets", text=words("drill")) + heading
        rows.append(f"<h1>{web(heading + incident.title)}</h1>")
        if answered.standing in {Standing.TAKEN, Standing.USED} and answered.holder:
            rows.append(f"<p>{web(answered.holder)}</p>")
    named = _NAMED.get(answered.standing) if answered.person else None
    said = words.of(named or _SAID[answered.standing]).format(name=answered.person)
    rows.append(f"<p>{web(said)}</p>")
    if answered.standing is Standing.WAITING:
        # The token in the address is the proof: another site cannot know it, so none can post it.
        pressed = words.of(_BUTTON_AS if answered.person else _BUTTON).format(name=answered.person)
        rows.append(f'<form method="post"><button>{web(pressed)}</button></form>')
    if incident is not None:
        link = f"{console}/{incident.id}"
        rows.append(f'<p><a href="{web(link)}">{web(words("open"))}</a></p>')
    body = (
        f'<!doctype html><html lang="{words.language.value}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><title>Fengsui</title><style>'
        "body{font:18px/1.6 system-ui,sans-serif;max-width:36em;margin:2em auto;padding:0 1em}"
        "h1{font-size:1.3em}button{font:inherit;padding:.6em 1.6em}"
        f"</style></head><body>{''.join(rows)}</body></html>"
    )
    return HTMLResponse(
        body,
        status_code=_STATUS[answered.standing],
        headers={"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"},
    )


def language_of(settings: Mapping[str, object]) -> Language:
    """The language of the channel that the page came from."""
    return Language.EN if settings.get("language") == Language.EN.value else Language.ZH
