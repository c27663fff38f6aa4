"""Calls of a program that others run: any method, its answer without our secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import httpx
import orjson

from service.delivery.client import Answer, NoAnswer, ask
from service.delivery.hiding import without

LIMIT_S = 7.0
"""For one call: a message may take three, within the time of one attempt to send."""
MOST_BYTES = 256 * 1024


class Asking:
    """Asks over a client that must be guarded: addresses come from people."""

    def __init__(
        self, client: httpx.AsyncClient, *, user_agent: str = "fengsui", limit_s: float = LIMIT_S
    ) -> None:
        """`client` stays the caller's to close; `limit_s` seconds bound one call."""
        self._client = client
        self._user_agent = user_agent
        self._limit_s = limit_s

    async def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: Any = None,
        secrets: Iterable[str] = (),
    ) -> Answer | NoAnswer:
        """One call, with `body` as JSON unless it is None. What is answered has none of
        `secrets`.
        """
        sent = {"accept": "application/json", "user-agent": self._user_agent}
        content = None if body is None else orjson.dumps(body)
        if content is not None:
            sent["content-type"] = "application/json; charset=utf-8"
        hidden = tuple(secrets)
        answer = await ask(
            self._client,
            method,
            url,
            headers=sent | {name.lower(): value for name, value in headers.items()},
            body=content,
            limit_s=self._limit_s,
            most=MOST_BYTES,
        )
        if isinstance(answer, NoAnswer):
            return replace(answer, reason=without(answer.reason, hidden))
        return replace(answer, text=without(answer.text, hidden))
