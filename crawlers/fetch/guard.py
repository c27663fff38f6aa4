"""The guard: what we connect to is checked at the moment we connect, so nothing can change between.

A name is resolved here, every address is judged, and the connection goes to a judged address; TLS
and the Host header keep the name. There is no second look-up that a rebinding name server could
answer differently. Proxies of the environment are not used: behind one, nothing could be checked.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from crawlers.errors import GuardRefused
from crawlers.fetch.address import Network, refusal

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Answers the IP addresses of a host name, as text; raises OSError when there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardPolicy:
    """What may be connected to. `ports` None means any; `allow_networks` pass unjudged."""

    schemes: frozenset[str] = frozenset({"http", "https"})
    ports: frozenset[int] | None = None
    allow_networks: tuple[Network, ...] = ()


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Ask the resolver of the machine."""
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in infos))


def check_url(url: str, *, policy: GuardPolicy) -> None:
    """Refuse a URL whose scheme, host or port we do not talk to; raises GuardRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise GuardRefused(f"no URL: {error}") from error
    scheme = parts.scheme.lower()
    if scheme not in policy.schemes:
        wanted = " or ".join(sorted(policy.schemes))
        raise GuardRefused(f"scheme {scheme[:40]!r} for {parts.hostname}; use {wanted}")
    if not parts.hostname:
        raise GuardRefused(f"the {scheme} URL names no host")
    if policy.ports is not None and (port or _default_port(scheme)) not in policy.ports:
        raise GuardRefused(f"port {port} of {parts.hostname} is not among the allowed ones")


def guarded_client(
    policy: GuardPolicy,
    *,
    resolve: Resolve = resolve_by_system,
    timeout: httpx.Timeout | float = 10.0,
    max_connections: int = 100,
    verify: ssl.SSLContext | None = None,
) -> httpx.AsyncClient:
    """An HTTP client that connects only where `policy` lets it; close it with `aclose`.

    Redirects are not followed, cookies are not the client's business, the environment is not read.
    A refused connection raises GuardRefused; everything else raises what httpx raises.
    """
    transport = GuardedTransport(
        policy, resolve=resolve, max_connections=max_connections, verify=verify
    )
    return httpx.AsyncClient(
        transport=transport, timeout=timeout, follow_redirects=False, trust_env=False
    )


@cache
def _public_trust() -> ssl.SSLContext:
    """Public authorities, read once a process: there are hundreds, and clients share them."""
    return httpx.create_ssl_context(trust_env=False)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Puts the guarded network under httpx, which takes no network of ours by itself."""

    def __init__(
        self,
        policy: GuardPolicy,
        *,
        resolve: Resolve = resolve_by_system,
        max_connections: int = 100,
        verify: ssl.SSLContext | None = None,
    ) -> None:
        self._policy = policy
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=verify or _public_trust(),
            max_connections=max_connections,
            max_keepalive_connections=max_connections // 2,
            keepalive_expiry=5.0,
            network_backend=_GuardedNetwork(policy, resolve),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        check_url(str(request.url), policy=self._policy)
        wire = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _httpx_errors():
            answer = await self._pool.handle_async_request(wire)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves, judges and connects in one step."""

    def __init__(self, policy: GuardPolicy, resolve: Resolve) -> None:
        self._policy = policy
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._judged(host, port, timeout)
        last: Exception | None = None
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    address,
                    port,
                    timeout=timeout,
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last or httpcore.ConnectError(f"{host} has no address")

    async def _judged(self, host: str, port: int, limit: float | None) -> list[str]:
        try:
            async with asyncio.timeout(limit):
                addresses = await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"resolving {host} took too long") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved: {error}") from error
        good: list[str] = []
        refused: list[str] = []
        for address in addresses:
            why = refusal(address, allowed=self._policy.allow_networks)
            if why is None:
                good.append(address)
            else:
                refused.append(f"{address} is {why}")
        if refused and not good:
            raise GuardRefused(f"{host}: {', '.join(refused)}; allow its network if that is meant")
        return good

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)


class _Body(httpx.AsyncByteStream):
    """The body on the wire, with errors translated."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _httpx_errors():
            async for chunk in self._answer.aiter_stream():
                yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()


@contextmanager
def _httpx_errors() -> Iterator[None]:
    """Raise httpcore's errors as those of httpx, which carry the same names."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as error:
        same = getattr(httpx, type(error).__name__, httpx.TransportError)
        raise same(str(error)) from error


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
