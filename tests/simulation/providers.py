"""The providers of pages, on no wire: strict as the real ones, and out of order as often.

Each request is answered by the robot of its host, unless the provider has a bad moment: it is down,
asks for less, answers HTML, refuses in the body, hangs, or takes the message and never says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random

import httpx

from service.clock import VirtualClock
from service.delivery import ChannelTarget, Sender
from service.delivery.model import Message, SendResult
from tests.simulation.faults import Killed
from tests.support.providers.robots import (
    DingTalkRobot,
    FeishuRobot,
    PagerDutyEvents,
    SlackHook,
    WeComRobot,
)
from tests.support.webhook_receiver import Received, Reply


@dataclass(slots=True)
class _Sending:
    """One attempt at a message; a pager is told of some in two requests."""

    channel: str
    message: Message
    taken: bool = False


_SENDING: ContextVar[_Sending] = ContextVar("_SENDING")


class Mood(StrEnum):
    """How a provider takes one request."""

    WELL = "well"
    THROTTLED = "throttled"
    BROKEN = "broken"
    HTML = "html"
    REFUSES = "refuses"
    TIMES_OUT = "times_out"
    MUTE = "mute"
    """Takes the message, and the answer is lost on the way."""
    HANGS = "hangs"
    """Takes the message, so slowly that the sender's lease runs out meanwhile."""
    KILLS_BEFORE = "kills_before"
    KILLS_AFTER = "kills_after"


_BODY_SAYS_NO = {
    "ding.example": b'{"errcode": 310000, "errmsg": "keywords not in content"}',
    "feishu.example": b'{"code": 19024, "msg": "Key Words Not Found"}',
    "wecom.example": b'{"errcode": 93017, "errmsg": "no"}',
    "slack.example": b"no_text",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One message that a provider took, at an instant; `parts` are those that a digest told of."""

    channel: str
    message: str
    at: datetime
    parts: tuple[str, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """Ids of the events that this told of."""
        return self.parts or (self.message,)


def _said(
    status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """An answer whose body is still to be read, as one that comes over a wire."""
    return httpx.Response(status, headers=dict(headers or {}), stream=httpx.ByteStream(body))


async def _nothing() -> None:
    """Nothing goes on meanwhile."""


class Providers:
    """Answers what senders post; `taken` is the truth about what has arrived."""

    def __init__(self, chance: Random, clock: VirtualClock, *, trouble: float) -> None:
        """`trouble` is the share of requests that meet a bad moment."""
        self._chance = chance
        self._clock = clock
        self.trouble = trouble
        self.meanwhile: Callable[[], Awaitable[None]] = _nothing
        self.forced: Mood | None = None
        """How every provider takes everything, whatever chance says."""
        self.taken: list[Taken] = []
        self.pager = PagerDutyEvents()
        self.moods: Counter[Mood] = Counter()
        self._robots: Mapping[str, Callable[[Received], Reply]] = {
            "hook.example": lambda _: Reply(),
            "ding.example": DingTalkRobot(),
            "feishu.example": FeishuRobot(),
            "wecom.example": WeComRobot(),
            "slack.example": SlackHook(),
            "events.pagerduty.com": self.pager,
        }

    def client(self) -> httpx.AsyncClient:
        """What senders post with."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        mood = self._mood()
        self.moods[mood] += 1
        host = request.url.host
        match mood:
            case Mood.THROTTLED:
                return _said(429, headers={"retry-after": "90"})
            case Mood.BROKEN:
                return _said(self._chance.choice((500, 502, 503)))
            case Mood.HTML if host != "hook.example":
                return _said(200, b"<html>please sign in</html>")
            case Mood.REFUSES:
                status = 400 if host in {"hook.example", "slack.example"} else 200
                return _said(status, _BODY_SAYS_NO.get(host, b"{}"))
            case Mood.TIMES_OUT:
                raise httpx.ReadTimeout("nothing came", request=request)
            case Mood.KILLS_BEFORE:
                raise Killed
            case Mood.HANGS:
                await self.meanwhile()
            case _:
                pass
        reply = self._take(request)
        if mood is Mood.MUTE:
            raise httpx.ReadTimeout("the answer was lost", request=request)
        if mood is Mood.KILLS_AFTER:
            raise Killed
        return _said(reply.status, reply.body, reply.headers)

    def _mood(self) -> Mood:
        if self.forced is not None:
            return self.forced
        if self._chance.random() >= self.trouble:
            return Mood.WELL
        return self._chance.choice([mood for mood in Mood if mood is not Mood.WELL])

    def _take(self, request: httpx.Request) -> Reply:
        path = request.url.raw_path.decode()
        received = Received(path=path, headers=dict(request.headers), body=request.content)
        reply = self._robots[request.url.host](received)
        sending = _SENDING.get()
        if not sending.taken:
            sending.taken = True
            message, at = sending.message, self._clock.now()
            parts = tuple(part.id for part in message.parts)
            self.taken.append(Taken(sending.channel, message.id, at, parts))
        return reply


class Announced:
    """A sender that lets the providers know which message a request carries."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        token = _SENDING.set(_Sending(channel.id, message))
        try:
            return await self._sender.send(channel, message, at=at)
        finally:
            _SENDING.reset(token)
