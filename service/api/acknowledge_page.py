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
        "zh": "这个链接已经用过，无需再按。要继续处理，请打开事件。",
        "en": "This link has been used; nothing more to press. To go on, open the incident.",
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
        "zh": "这个链接已过期（24 小时内有效），没有做任何改动。请到控制台处理。",
        "en": "This link has ended (it is good for 24 hours); nothing was changed. "
        "Work from the console.",
    },
    Standing.UNKNOWN: {
        "zh": "这个链接无效：不是烽燧发出的，或在途中被改动。没有做任何改动；请到控制台查看事件。",
        "en": "This link is none of ours, or was changed on its way. Nothing was changed; "
        "look for the incident in the console.",
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
_QUEUE = {"zh": "打开控制台", "en": "Open the console"}
_USED_AT = {"zh": "使用时间：{at}", "en": "Used at {at}"}
_TITLE = {"zh": "确认接警 · 烽燧", "en": "Acknowledge · Fengsui"}
_LOOK = (
    ":root{color-scheme:light dark}"
    "body{font:18px/1.6 system-ui,'PingFang SC','Noto Sans CJK SC',sans-serif;"
    "max-width:36em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}"
    "h1{font-size:1.3em;line-height:1.35}.soft{font-size:.85em;opacity:.8}"
    "button,.go{font:inherit;display:block;box-sizing:border-box;width:100%;min-height:52px;"
    "padding:.6em 1em;margin:.8em 0;border-radius:10px;text-align:center}"
    "button{border:0;background:#0b5fae;color:#fff;font-weight:650}"
    ".go{border:1px solid currentColor;color:LinkText;text-decoration:none}"
    "button:focus-visible,.go:focus-visible{outline:3px solid Highlight;outline-offset:3px}"
)
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
    else:
        rows.append(f"<h1>{web(words.of(_TITLE))}</h1>")
    named = _NAMED.get(answered.standing) if answered.person else None
    said = words.of(named or _SAID[answered.standing]).format(name=answered.person)
    rows.append(f"<p>{web(said)}</p>")
    if answered.used_at is not None:
        at = f"{answered.used_at.astimezone(words.zone):%Y-%m-%d %H:%M:%S %Z}"
        rows.append(f'<p class="soft">{web(words.of(_USED_AT).format(at=at))}</p>')
    if answered.standing is Standing.WAITING:
        # The token in the address is the proof: another site cannot know it, so none can post it.
        pressed = words.of(_BUTTON_AS if answered.person else _BUTTON).format(name=answered.person)
        rows.append(f'<form method="post"><button>{web(pressed)}</button></form>')
    link, label = console.rsplit("/", 1)[0] + "/", words.of(_QUEUE)
    if incident is not None:
        link, label = f"{console}/{incident.id}", words("open")
    rows.append(f'<p><a class="go" href="{web(link)}">{web(label)}</a></p>')
    body = (
        f'<!doctype html><html lang="{words.language.value}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{web(words.of(_TITLE))}</title>'
        f"<style>{_LOOK}</style></head><body><main>{''.join(rows)}</main></body></html>"
    )
    return HTMLResponse(
        body,
        status_code=_STATUS[answered.standing],
        headers={"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"},
    )


def language_wanted(accepted: str) -> Language:
    """The one that a browser would rather read, for a link that names no channel: `Accept-Language`
    lists languages with the dearest first; neither of ours is Chinese."""
    for part in accepted.lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith(("zh", "en")):
            return Language(tag[:2])
    return Language.ZH


def language_of(settings: Mapping[str, object]) -> Language:
    """The language of the channel that the page came from."""
    return Language.EN if settings.get("language") == Language.EN.value else Language.ZH
