"""A condition as SQL: as much of it as can be in one look into the word index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.stores.condition import AllOf, AnyOf, Begins, Condition, Not, PartedField, Says
from service.stores.storable import storable_text

Written = tuple[str, tuple[Any, ...]]
"""An SQL condition on the table `p`, and its parameters."""
Expression = Callable[[str], str]
"""A text as an FTS5 expression for posts that hold all its phrases; empty where it has none."""

_COLUMNS = {
    PartedField.SOURCE: "lower(p.source)",
    PartedField.CHANNEL: "lower(p.channel)",
    # A monitor's own table has no language.
    PartedField.LANG: (
        "(SELECT lower(replace(whole.lang, '_', '-')) FROM post whole WHERE whole.seq = p.seq)"
    ),
}


def condition_sql(condition: Condition, expression: Expression) -> Written:
    """The condition on rows of `p`, which has `seq`, `source` and `channel`."""
    match condition:
        case Says():
            return _indexed(expression(condition.text))
        case Begins():
            return _begins(condition)
        case Not(part):
            sql, parameters = condition_sql(part, expression)
            return f"NOT coalesce(({sql}), 0)", parameters
        case AllOf(parts):
            return _joined(parts, " AND ", expression)
        case AnyOf(parts):
            return _joined(parts, " OR ", expression)


def _joined(parts: tuple[Condition, ...], word: str, expression: Expression) -> Written:
    """Texts side by side are looked up at once; the rest each by itself."""
    texts = [expression(part.text) for part in parts if isinstance(part, Says)]
    found = [condition_sql(part, expression) for part in parts if not isinstance(part, Says)]
    if word == " AND " and "" in texts:
        return "0", ()
    if any(texts):
        found.insert(0, _indexed(word.join(f"({text})" for text in texts if text)))
    if not found:
        return ("1" if word == " AND " else "0"), ()
    sql = word.join(f"({sql})" for sql, _ in found)
    return sql, tuple(parameter for _, several in found for parameter in several)


def _indexed(expression: str) -> Written:
    if not expression:
        return "0", ()
    return "p.seq IN (SELECT rowid FROM post_fts WHERE post_fts MATCH ?)", (expression,)


def _begins(condition: Begins) -> Written:
    column, value = _COLUMNS[condition.field], storable_text(condition.value)
    separator = condition.field.separator
    if not separator:
        return f"{column} = ?", (value,)
    start = value + separator
    return f"({column} = ? OR substr({column}, 1, ?) = ?)", (value, len(start), start)
