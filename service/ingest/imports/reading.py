"""Files read for an import, the errors of the reader said as the service says them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import IO

from crawlers import Post, RejectedLine
from crawlers.errors import BadMapping, UnreadableFile
from crawlers.tabular import UPLOADED, Preview, ReadRow, TableLimits, open_table, preview, survey
from nlp.pii import masked
from service.errors import InvalidInput
from service.ingest.imports.model import MOST_PROBLEMS, ImportOptions, ReadFile

MOST_PREVIEWED = 50


def look(content: bytes, options: ImportOptions, *, rows: int) -> Preview:
    """The first rows of an uploaded file, as an import would read them. Raises InvalidInput."""
    with explained():
        found = preview(
            io.BytesIO(content),
            name=options.name,
            pairs=options.pairs,
            given=options.given,
            sheet=options.sheet,
            rows=min(rows, MOST_PREVIEWED),
            limits=UPLOADED,
        )
    shown = tuple(replace(row, rejected=_shown(row.rejected)) for row in found.rows)
    return replace(found, rows=shown)


def read_whole(
    content: bytes, options: ImportOptions, *, limits: TableLimits = UPLOADED
) -> ReadFile:
    """An uploaded file as posts. Raises InvalidInput, also when none of its rows is a post.

    All their texts together are bounded too: a workbook writes one down once for any number of
    rows. Rows with the id of an earlier one are no mistake, but they are told of.
    """
    posts: list[Post] = []
    problems: list[RejectedLine] = []
    ids: set[tuple[str, str]] = set()
    rejected = characters = 0
    for row in rows_of(io.BytesIO(content), options, limits=limits):
        if row.post is None:
            rejected += 1
            problems += _shown(row.rejected[: MOST_PROBLEMS - len(problems)])
            continue
        posts.append(row.post)
        ids.add((row.post.source, row.post.native_id))
        characters += len(row.post.text) + len(row.post.title or "")
        if characters > limits.unpacked:
            place = f"{options.name}:{row.number}"
            reason = f"texts of more than {limits.unpacked:,} characters; send them in parts"
            raise InvalidInput(f"{place}: {reason}", errors=[(place, reason)])
    if not posts:
        raise InvalidInput(
            f"{options.name}: none of its {rejected} rows is a post",
            errors=[(item.place, item.reason) for item in problems],
        )
    if folded := len(posts) - len(ids):
        told = f"{folded:,} rows have the id of an earlier row: they are the same posts, read later"
        problems.insert(0, RejectedLine(place=options.name, reason=told))
    return ReadFile(posts=tuple(posts), rejected=rejected, problems=tuple(problems[:MOST_PROBLEMS]))


def _shown(rejected: Sequence[RejectedLine]) -> tuple[RejectedLine, ...]:
    """Mistakes as they are kept and shown: they quote cells, which may name numbers of people."""
    return tuple(replace(item, reason=masked(item.reason)) for item in rejected)


def rows_of(
    file: IO[bytes], options: ImportOptions, *, limits: TableLimits | None = None
) -> Iterator[ReadRow]:
    """The rows of a file as posts, one by one. Raises InvalidInput, OSError."""
    with (
        explained(),
        open_table(file, name=options.name, sheet=options.sheet, limits=limits) as table,
    ):
        yield from survey(table, options.pairs, options.given).read()


@contextmanager
def explained() -> Iterator[None]:
    """Say what a reader of tables refuses as InvalidInput."""
    try:
        yield
    except UnreadableFile as error:
        raise InvalidInput(str(error), errors=[("file", str(error))]) from error
    except BadMapping as error:
        listed = "; ".join(f"{field}: {message}" for field, message in error.errors)
        raise InvalidInput(f"the columns are not clear: {listed}", errors=error.errors) from error
