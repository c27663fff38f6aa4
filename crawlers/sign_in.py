"""Telling a page for people from data: what an HTML page calls itself, and if it asks to sign in.

Many sites answer 200 with such a page where they mean 403; read as "no posts" it would be silence.
"""

from __future__ import annotations

import re

from crawlers.markup import html_to_text

_PASSWORD = re.compile(r"type\s*=\s*[\"']?password", re.IGNORECASE)
_LOGIN_TITLE = re.compile(r"登录|登入|登陆|验证|captcha|sign.?in|log.?in\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,200})", re.IGNORECASE)
_HTML_HEAD = 200_000


def describe_page(html: str, *, wanted: str) -> tuple[str, bool]:
    """What came instead of `wanted`, with the page's title, and whether it asks to sign in."""
    head = html[:_HTML_HEAD]
    title = _TITLE.search(head)
    named = html_to_text(title.group(1)) if title is not None else ""
    login = _PASSWORD.search(head) is not None or _LOGIN_TITLE.search(named) is not None
    what = f"an HTML page instead of {wanted}"
    return (f"{what}: {named}" if named else what), login
