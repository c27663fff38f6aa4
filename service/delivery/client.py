"""One call of an address that others chose: no redirects, a time limit, a capped answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from crawlers.errors import GuardRefused

LIMIT_S = 20.0
"""For the whole exchange, the answer's body included."""
ANSWER_BYTES = 8 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the receiver answered; `text` is the beginning of its body, `retry_after` as sent."""

    status: int
    text: str
    retry_after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """Why none came, without the address. `refused` means that asking again will not help."""

    reason: str
    refused: bool = False


async def post(
    client: httpx.AsyncClient,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    limit_s: float = LIMIT_S,
) -> Answer | NoAnswer:
    """Send `body` to `url`. Once a status has come, a body that hangs or breaks changes nothing."""
    return await ask(client, "POST", url, headers=headers, body=body, limit_s=limit_s)


async def ask(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    limit_s: float = LIMIT_S,
    most: int = ANSWER_BYTES,
) -> Answer | NoAnswer:
    """The same with any method; of the answer `most` bytes are kept."""
    answer: Answer | None = None
    sent = {**headers, "accept-encoding": "identity"}
    try:
        async with (
            asyncio.timeout(limit_s),
            client.stream(method, url, content=body, headers=sent, follow_redirects=False) as got,
        ):
            answer = Answer(
                status=got.status_code, text="", retry_after=got.headers.get("retry-after")
            )
            text = (await _beginning(got, most)).decode("utf-8", "replace")
            return Answer(status=answer.status, text=text, retry_after=answer.retry_after)
    except TimeoutError:
        return answer or NoAnswer(reason=f"no answer within {limit_s:g} s")
    except GuardRefused as error:
        return NoAnswer(reason=f"not allowed: {_without(url, str(error))}", refused=True)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        return NoAnswer(reason="the channel's address is not an http or https URL", refused=True)
    except httpx.HTTPError as error:
        why = _without(url, str(error)) or "no further word"
        return answer or NoAnswer(reason=f"{type(error).__name__}: {why}")


async def _beginning(response: httpx.Response, most: int) -> bytes:
    """At most `most` bytes of the body as they came; what is compressed stays so, bombs too."""
    kept = b""
    async for chunk in response.aiter_raw():
        kept += chunk[: most - len(kept)]
        if len(kept) >= most:
            break
    return kept


def _without(url: str, text: str) -> str:
    return text.replace(url[:200], "the address")
