"""What an editor may write: words of their own, with figures cited by name and never typed.

`{volume.posts}` in a text stands for the figure of that name, with its link. A quantity in digits,
such as `12 条` or `30%`, is refused: no query stands behind it. Dates, times of day and names with
digits in them are no quantities.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from service.briefings.content import Body, Prose, SectionId
from service.errors import InvalidInput

LEAD_MAX = 4_000
COMMENT_MAX = 2_000
CITATION = re.compile(r"\{([^{}]*)\}")
_COUNTED = (
    "%|％|‰|个百分点|百分点|倍|成(?!员|功|立|为|都)|万|亿|条|篇|则|起|例|次|人次|人|名|位|个|件|单|家|"
    "小时|分钟|秒|天|"
    r"posts?\b|incidents?\b|complaints?\b|cases?\b|people\b|times\b|per ?cent\b|percent\b|"
    r"hours?\b|minutes?\b|days?\b|million\b|thousand\b|x\b"
)
_WHEN = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?|\d{4}-\d{2}-\d{2}")
_QUANTITY = re.compile(
    rf"(?<![\dA-Za-z.])[+\-−]?\d[\d,.]*\s*(?:{_COUNTED})|(?<![\dA-Za-z.])\d{{1,3}}(?:,\d{{3}})+",
    re.IGNORECASE,
)


def checked_prose(prose: Prose, body: Body) -> Prose:
    """The prose as it is kept: trimmed, every section in its order once.

    Raises InvalidInput with every mistake, by the path of the field.
    """
    known = set(body.measures())
    there = [section.id for section in body.sections]
    comments = {name: text.strip() for name, text in prose.comments.items() if text.strip()}
    wrong = list(_mistakes("lead", prose.lead.strip(), LEAD_MAX, known))
    for name, text in comments.items():
        path = f"comments.{name.value}"
        wrong += _mistakes(path, text, COMMENT_MAX, known)
        if name not in there:
            wrong.append((path, "this briefing has no such section"))
    if len(set(prose.order)) != len(prose.order):
        wrong.append(("order", "name each section once"))
    if wrong:
        raise InvalidInput("the briefing cannot be kept like that", errors=wrong)
    order = [name for name in prose.order if name in there]
    return replace(
        prose,
        lead=prose.lead.strip(),
        comments=comments,
        # What is not named stands at the end: to leave a section out, hide it.
        order=(*order, *(name for name in there if name not in order)),
        hidden=tuple(name for name in SectionId if name in prose.hidden),
    )


def cut(text: str) -> Iterator[tuple[str, str | None]]:
    """Pieces of a text in turn: words, or the name of a figure that stands there."""
    at = 0
    for found in CITATION.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], None
        yield found.group(0), found.group(1).strip()
        at = found.end()
    if at < len(text):
        yield text[at:], None


def _mistakes(path: str, text: str, most: int, known: Collection[str]) -> Iterator[tuple[str, str]]:
    if len(text) > most:
        yield path, f"at most {most} characters; {len(text)} given"
    for found in CITATION.finditer(text):
        if found.group(1).strip() not in known:
            yield path, f"there is no figure {found.group(0)[:80]}; see `figures` of the briefing"
    words = _WHEN.sub(" ", CITATION.sub(" ", text))
    for number in _QUANTITY.finditer(words):
        yield (
            path,
            f"{number.group(0).strip()!r} has no query behind it: cite a figure of this briefing "
            "by its name, such as {volume.posts}, or say it without a number",
        )
