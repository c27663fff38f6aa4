"""The one door to Elasticsearch: requests out, answers or our errors back."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import ConnectionTimeout, TransportError
from elasticsearch import (
    ApiError,
    AsyncElasticsearch,
    OrjsonSerializer,
    UnsupportedProductError,
)

from service.stores.elastic import failures
from service.stores.errors import StoreError, StoreMismatch

JSON = {"accept": "application/json", "content-type": "application/json"}
NDJSON = {"accept": "application/json", "content-type": "application/x-ndjson"}
REQUEST_S = 30.0
"""Longer than any request should take; a slow cluster is told from one that is gone."""
_CONNECTIONS = 16

# Requests carry searches and posts: nothing of them belongs into a log.
logging.getLogger("elastic_transport").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A body, with the status that says whether it is what was asked for."""

    status: int
    body: Any


class Cluster:
    """Speaks to all nodes given, and goes on with the others when one fails."""

    def __init__(
        self,
        urls: Sequence[str],
        *,
        api_key: str | None = None,
        ca_file: Path | None = None,
        request_s: float = REQUEST_S,
    ) -> None:
        """Credentials come in the URLs (user and password) or as an API key, not as both.

        Raises StoreMismatch for addresses, a key or a CA file that cannot be used.
        """
        self.where = ", ".join(map(_bare, urls))
        self._closed = False
        options: dict[str, Any] = {}
        if ca_file is not None:
            options["ca_certs"] = str(ca_file)
        if api_key is not None:
            options["api_key"] = api_key
        try:
            self._client = AsyncElasticsearch(
                list(urls),
                serializers={OrjsonSerializer.mimetype: OrjsonSerializer()},
                request_timeout=request_s,
                max_retries=2,
                retry_on_timeout=False,
                connections_per_node=_CONNECTIONS,
                **options,
            )
        except (ValueError, OSError) as error:
            raise StoreMismatch(
                f"Elasticsearch at {self.where} cannot be set up ({type(error).__name__}: "
                f"{error}): check FENGSUI_POSTS_URL, FENGSUI_POSTS_CA_FILE, FENGSUI_POSTS_API_KEY"
            ) from None

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        accept: Collection[int] = (),
    ) -> Answer:
        """One request. Statuses in `accept` come back; every other failure is a StoreError."""
        return await self._perform(
            self._client, method, path, params=params, headers=JSON, body=body, accept=accept
        )

    async def bulk(self, lines: Sequence[bytes]) -> Answer:
        """One bulk request, sent once: who calls knows what may be sent again."""
        return await self._perform(
            self._client.options(max_retries=0),
            "POST",
            "/_bulk",
            params=None,
            headers=NDJSON,
            body=lines,
            accept=(429, 502, 503, 504),
        )

    async def close(self) -> None:
        """Close the connections; harmless twice."""
        if not self._closed:
            self._closed = True
            await self._client.close()

    async def _perform(
        self,
        client: AsyncElasticsearch,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None,
        headers: Mapping[str, str],
        body: Any,
        accept: Collection[int],
    ) -> Answer:
        if self._closed:
            raise StoreError(f"post store at {self.where} is closed")
        try:
            answer = await client.perform_request(
                method, path, params=params, headers=headers, body=body
            )
        except UnsupportedProductError:
            raise failures.no_elasticsearch(self.where) from None
        except ApiError as error:
            if error.status_code in accept:
                return Answer(status=error.status_code, body=error.body)
            raise failures.refusal(
                self.where, status=error.status_code, kind=kind_of(error.body)
            ) from None
        except ConnectionTimeout:
            raise failures.unreachable(self.where, "no answer in time") from None
        except TransportError as error:
            raise failures.unreachable(self.where, type(error).__name__) from None
        return Answer(status=answer.meta.status, body=answer.body)


def kind_of(body: Any) -> str:
    """The kind of exception in an answer; the cause where the outside says nothing."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return ""
    roots = error.get("root_cause") or [{}]
    return str(roots[0].get("type") or error.get("type") or "")


def _bare(url: str) -> str:
    """The address without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
