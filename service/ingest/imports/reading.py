"""Files read for an import, the errors of the reader said as the service says them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from crawlers import Post, RejectedLine
from crawlers.errors import BadMapping, UnreadableFile
from crawlers.tabular import UPLOADED, Preview, ReadRow, TableLimits, open_table, preview, survey
from service.errors import InvalidInput
from service.ingest.imports.model import MOST_PROBLEMS, ImportOptions, ReadFile

MOST_PREVIEWED = 50


def look(content: bytes, options: ImportOptions, *, rows: int) -> Preview:
    """The first rows of an uploaded file, as an import would read them. Raises InvalidInput."""
    with explained():
        return preview(
            io.BytesIO(content),
            name=options.name,
            pairs=options.pairs,
            given=options.given,
            sheet=options.sheet,
            rows=min(rows, MOST_PREVIEWED),
            limits=UPLOADED,
        )


def read_whole(content: bytes, options: ImportOptions) -> ReadFile:
    """An uploaded file as posts. Raises InvalidInput, also when none of its rows is a post."""
    posts: list[Post] = []
    problems: list[RejectedLine] = []
    rejected = 0
    for row in rows_of(io.BytesIO(content), options, limits=UPLOADED):
        if row.post is not None:
            posts.append(row.post)
            continue
        rejected += 1
        problems += row.rejected[: MOST_PROBLEMS - len(problems)]
    if not posts:
        raise InvalidInput(
            f"{options.name}: none of its {rejected} rows is a post",
            errors=[(item.place, item.reason) for item in problems],
        )
    return ReadFile(posts=tuple(posts), rejected=rejected, problems=tuple(problems))


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
