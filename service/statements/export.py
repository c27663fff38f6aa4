"""A statement as a page to keep: the words, who answers for them, what is promised, where it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from zoneinfo import ZoneInfo

from service.statements.model import StatementFile
from service.statements.surroundings import dated

_STYLE = (
    "body{max-width:46rem;margin:2rem auto;font-family:sans-serif;line-height:1.7}"
    "td,th{padding:.2rem .8rem;text-align:left;vertical-align:top}"
)


def as_html(file: StatementFile, *, zone: ZoneInfo) -> str:
    """The page, complete in itself, with every text escaped; instants in local time."""
    statement, edition = file.statement, file.edition
    lang = statement.lang
    text = "".join(f"<p>{_lines(part)}</p>" for part in edition.text.split("\n\n") if part.strip())
    approvals = [
        (item.person, item.capacity.value, dated(item.at, zone=zone, lang=lang), item.note or "")
        for item in file.approvals
        if item.voided_at is None
    ]
    promises = [
        (
            item.text,
            item.owner or "",
            "" if item.due_at is None else dated(item.due_at, zone=zone, lang=lang),
            item.state.value,
            item.evidence or "",
        )
        for item in file.promises
    ]
    places = [
        (item.place, item.url or "", dated(item.published_at, zone=zone, lang=lang), item.by)
        for item in file.places
    ]
    facts = [(fact.text, fact.source) for fact in edition.facts]
    about = (
        f"{statement.id} · {statement.state.value} · {statement.kind.value} · "
        f"{edition.number} · {edition.by} · {dated(edition.at, zone=zone, lang=lang)}"
    )
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{escape(edition.title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(edition.title)}</h1>{text}<hr><p>{escape(about)}</p>"
        + _table("批准 · Approvals", approvals)
        + _table("承诺 · Promises", promises)
        + _table("事实与来源 · Facts and sources", facts)
        + _table("发布 · Published", places)
        + "</body></html>"
    )


def _table(title: str, rows: Sequence[Iterable[str]]) -> str:
    if not rows:
        return ""
    body = "".join(
        "<tr>" + "".join(f"<td>{_lines(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<h2>{title}</h2><table>{body}</table>"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
