"""What is taken away as a file: never a page of ours, whatever strangers wrote into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from service.documents import MEDIA_TYPES, Form, Paged, written


def file_headers(name: str) -> dict[str, str]:
    """To be saved under that name; opened all the same, it runs nothing and asks nobody."""
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
    }


async def document_file(
    data: Mapping[str, Any],
    paged: Callable[[Mapping[str, Any]], Paged],
    form: Form,
    *,
    name: str,
    made_at: datetime,
) -> Response:
    """A document as a file, `name` being without its ending; `paged` makes it of `data`."""
    # A thread, as a long one takes its time and others wait for this loop.
    content = await run_in_threadpool(partial(written, data, paged, form, made_at=made_at))
    return Response(
        content, media_type=MEDIA_TYPES[form], headers=file_headers(f"{name}.{form.value}")
    )
