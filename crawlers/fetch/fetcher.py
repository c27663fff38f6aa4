"""The fetcher: guard → robots → politeness → request → redirects → body → status → retry."""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from urllib.parse import urlencode, urlsplit

import httpx

from crawlers.errors import BodyRefused, GuardRefused, HostBusy, RedirectRefused
from crawlers.fetch.body import ACCEPT_ENCODING, read_body
from crawlers.fetch.conditional import conditional_headers, read_validators
from crawlers.fetch.guard import (
    Resolve,
    check_url,
    guarded_client,
    resolve_by_system,
)
from crawlers.fetch.outcome import Attempt, FetchEnd, closed_for, judge_status
from crawlers.fetch.policy import FetchPolicy
from crawlers.fetch.politeness import Politeness
from crawlers.fetch.redirect import REDIRECTS, check_hop, headers_for
from crawlers.fetch.retry import decide_retry
from crawlers.fetch.robots import MAX_ROBOTS_BYTES, Robots
from crawlers.observation import Observe, ignore
from crawlers.rate import RateLimit
from crawlers.source import Blocked, Failed, NotModified, Response

log = logging.getLogger(__name__)

_FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """One request as it goes through the policies; `polite` is False for robots.txt itself."""

    url: str
    headers: Mapping[str, str]
    max_bytes: int
    obey_robots: bool
    polite: bool = True
    cut: bool = False
    form: bytes | None = None
    """What is posted; without it the request is a GET."""
    rate: RateLimit | None = None


class HttpFetcher:
    """Fetches over HTTP; never raises for what a site does. One instance serves all sources."""

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
        observe: Observe = ignore,
        resolve: Resolve = resolve_by_system,
    ) -> None:
        self._policy = policy
        self._now = now
        self._sleep = sleep
        self._random = random
        self._observe = observe
        self._client = guarded_client(policy.guard, resolve=resolve, timeout=policy.request_seconds)
        self._politeness = Politeness(policy.politeness, now=now, sleep=sleep, random=random)
        self._robots = Robots(
            self._fetch_robots,
            agent=policy.product.partition("/")[0],
            now=now,
            policy=policy.robots,
        )

    async def __aenter__(self) -> HttpFetcher:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        validators: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        obey_robots: bool = True,
        rate: RateLimit | None = None,
    ) -> FetchEnd:
        """Fetch `url` through all policies; what each status becomes is told in outcome.py."""
        conditions = conditional_headers(validators)
        request = _Request(
            url=url,
            headers={
                **{key.lower(): value for key, value in (headers or {}).items()},
                **conditions,
            },
            max_bytes=self._policy.max_bytes if max_bytes is None else max_bytes,
            obey_robots=obey_robots,
            rate=rate,
        )
        return await self._fetch(request, dict(validators or {}) if conditions else {})

    async def post_form(
        self,
        url: str,
        *,
        form: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        rate: RateLimit | None = None,
    ) -> FetchEnd:
        """Post `form` through the same policies, but for robots.txt and redirects."""
        request = _Request(
            url=url,
            headers={
                **{key.lower(): value for key, value in (headers or {}).items()},
                "content-type": _FORM_TYPE,
            },
            max_bytes=self._policy.max_bytes if max_bytes is None else max_bytes,
            obey_robots=False,
            form=urlencode(form).encode(),
            rate=rate,
        )
        return await self._fetch(request, {})

    async def _fetch(self, request: _Request, sent: dict[str, str]) -> FetchEnd:
        started = self._now()
        end = await self._with_retries(request, sent)
        self._tell(request.url, end, (self._now() - started).total_seconds())
        return end

    async def _with_retries(self, request: _Request, sent: dict[str, str]) -> FetchEnd:
        number = 1
        while True:
            attempt = await self._attempt(request, sent)
            if not isinstance(attempt.end, Failed):
                return attempt.end
            decision = decide_retry(
                number,
                transient=attempt.transient,
                policy=self._policy.retry,
                random=self._random,
                retry_after=attempt.end.retry_after,
            )
            if decision.delay is None:
                return attempt.end
            log.info("fetch.retry", extra={"reason": attempt.end.reason, "delay": decision.delay})
            await self._sleep(decision.delay)
            number += 1

    async def _attempt(self, request: _Request, sent: dict[str, str]) -> Attempt:
        """Run the policies once and name every way in which that may go wrong."""
        try:
            answer = await self._follow(request)
        except GuardRefused as error:
            return Attempt(end=Blocked(reason=f"guard: {error}"))
        except HostBusy as error:
            return Attempt(end=Failed(reason=f"politeness: {error}", retry_after=error.wait))
        except RedirectRefused as error:
            return Attempt(end=Failed(reason=f"redirects: {error}"))
        except BodyRefused as error:
            return Attempt(end=Failed(reason=f"body: {error}"))
        except (TimeoutError, httpx.TimeoutException) as error:
            return Attempt(end=Failed(reason=_named("time", error)), transient=True)
        except (httpx.InvalidURL, httpx.LocalProtocolError, ValueError) as error:
            return Attempt(end=Failed(reason=_named("request", error)))
        except (httpx.HTTPError, OSError, zlib.error) as error:
            return Attempt(end=Failed(reason=_named("network", error)), transient=True)
        if isinstance(answer, Blocked):
            return Attempt(end=answer)
        now = self._now()
        if (closed := closed_for(answer, now=now)) is not None:
            self._politeness.hold(_host(answer.url), closed)
        return judge_status(answer, now=now, sent=sent)

    async def _follow(self, request: _Request) -> Response | Blocked:
        """Ask, and follow redirects by hand: every hop passes the guard, robots and politeness."""
        url, headers, hops = request.url, dict(request.headers), [request.url]
        while True:
            check_url(url, policy=self._policy.guard)
            crawl_delay: float | None = None
            if request.obey_robots:
                verdict = await self._robots.judge(url)
                if not verdict.allowed:
                    return Blocked(reason=verdict.reason, retry_after=verdict.retry_after)
                crawl_delay = verdict.crawl_delay
            if request.polite:
                turn = self._politeness.turn(_host(url), interval=crawl_delay, rate=request.rate)
                async with turn:
                    answer = await self._exchange(url, headers, request)
            else:
                answer = await self._exchange(url, headers, request)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location:
                return answer
            if request.form is not None:
                raise RedirectRefused("a form is not sent on to another place")
            target = str(httpx.URL(url).join(location).copy_with(fragment=None))
            check_hop(target, hops, self._policy.max_redirects)
            headers = headers_for(target, url, headers)
            hops.append(target)
            url = target

    async def _exchange(self, url: str, headers: Mapping[str, str], request: _Request) -> Response:
        """One request and its whole body, within the time of one request."""
        sent = {
            "user-agent": self._policy.user_agent,
            "accept": "*/*",
            **headers,
            "accept-encoding": ACCEPT_ENCODING,
        }
        async with (
            asyncio.timeout(self._policy.request_seconds),
            self._client.stream(
                "GET" if request.form is None else "POST", url, headers=sent, content=request.form
            ) as answer,
        ):
            fields = {name.lower(): value for name, value in answer.headers.items()}
            body = b""
            if answer.is_success:
                body = await read_body(
                    answer.aiter_raw(), headers=fields, max_bytes=request.max_bytes, cut=request.cut
                )
            return Response(
                status=answer.status_code,
                url=url,
                headers=fields,
                body=body,
                validators=read_validators(fields),
            )

    async def _fetch_robots(self, url: str) -> Response | Failed:
        request = _Request(
            url=url,
            headers={},
            max_bytes=MAX_ROBOTS_BYTES,
            obey_robots=False,
            polite=False,
            cut=True,
        )
        try:
            answer = await self._follow(request)
        except GuardRefused:
            raise  # the page itself would be refused for the same reason: say that one
        except (RedirectRefused, BodyRefused, TimeoutError, httpx.InvalidURL) as error:
            return Failed(reason=_named("robots", error))
        except (httpx.HTTPError, OSError, ValueError) as error:
            return Failed(reason=_named("network", error))
        return answer if isinstance(answer, Response) else Failed(reason=answer.reason)

    def _tell(self, url: str, end: FetchEnd, seconds: float) -> None:
        labels = {"host": _host(url), "outcome": _END_NAMES[type(end)]}
        self._observe("fetch.seconds", seconds, labels)
        self._observe("fetch.bytes", len(end.body) if isinstance(end, Response) else 0, labels)
        if isinstance(end, Blocked | Failed):
            log.info("fetch.refused", extra={**labels, "reason": end.reason})


_END_NAMES: Mapping[type, str] = {
    Response: "response",
    NotModified: "not_modified",
    Blocked: "blocked",
    Failed: "failed",
}


def _named(stage: str, error: BaseException) -> str:
    return f"{stage}: {type(error).__name__} {error}".strip()[:500]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
