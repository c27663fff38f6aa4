"""A session with a mail server: to an address that was judged, encrypted, and over in time.

The session is that of the standard library, whose time limit is for each read. Here one deadline is
for all that comes before the letter: once it has passed, nothing is handed in any more. A letter
that has been handed in may have been taken, so its answer has a time of its own.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from crawlers.errors import GuardRefused
from crawlers.fetch import GuardPolicy
from crawlers.fetch.address import refusal
from service.delivery.model import ChannelTarget

PORTS = {"smtp": 587, "smtps": 465}
_END_OF_LETTER = b"\r\n.\r\n"


class Tls(StrEnum):
    """`none` is for a relay inside, and then nobody signs in."""

    REQUIRED = "required"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where a message goes to and how; `implicit` is TLS from the first byte."""

    host: str
    port: int
    implicit: bool
    tls: Tls
    username: str | None
    password: str | None
    sender: str
    recipients: tuple[str, ...]


def post_of(channel: ChannelTarget) -> Post | None:
    """Where the channel's mail goes; None when its address is none."""
    parts = urlsplit(channel.url or "")
    if parts.scheme not in PORTS or not parts.hostname:
        return None
    settings = channel.settings
    return Post(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        implicit=parts.scheme == "smtps",
        tls=Tls(str(settings.get("tls") or Tls.REQUIRED)),
        username=settings.get("username"),
        password=channel.secrets[0] if channel.secrets else None,
        sender=str(settings.get("from") or ""),
        recipients=tuple(settings.get("to") or ()),
    )


class Deadline:
    """The instant, in seconds of `monotonic`, at which the letter must have been handed in."""

    def __init__(self, monotonic: Callable[[], float], *, within_s: float, answer_s: float) -> None:
        """`answer_s` is for what the server says of the letter, once it has been handed in."""
        self._monotonic = monotonic
        self._answer_s = answer_s
        self._at = monotonic() + within_s
        self._handed_in = False

    def left(self) -> float:
        """Seconds until then, more than 0. Raises TimeoutError when there are none."""
        left = self._at - self._monotonic()
        if left <= 0:
            when = "after the letter" if self._handed_in else "before the letter was handed in"
            raise TimeoutError(f"the mail server took all of its time, {when}")
        return left

    def hand_in(self) -> None:
        """The letter is on its way: from here on its answer is waited for."""
        self._handed_in = True
        self._at = self._monotonic() + self._answer_s


def hand_in(
    post: Post,
    letter: EmailMessage,
    recipients: Sequence[str],
    *,
    guard: GuardPolicy,
    context: ssl.SSLContext,
    deadline: Deadline,
) -> Mapping[str, tuple[int, bytes]]:
    """Send the letter; answers who was refused. What is said after it was taken counts no more: to
    believe a failed QUIT would send the letter again.

    Raises GuardRefused, OSError (TimeoutError past the deadline) and the errors of smtplib.
    """
    session = _session(post, guard, context, deadline)
    try:
        if post.username and post.password:
            session.login(post.username, post.password)
        unreached: Mapping[str, tuple[int, bytes]] = session.send_message(
            letter, post.sender, recipients
        )
        with suppress(smtplib.SMTPException, OSError):
            session.quit()
        return unreached
    finally:
        session.close()


def _session(
    post: Post, guard: GuardPolicy, context: ssl.SSLContext, deadline: Deadline
) -> smtplib.SMTP:
    """A session that is connected, and encrypted unless the channel wants none."""
    if post.implicit:
        return _Encrypted(guard, deadline, post.host, post.port, context=context)
    session = _Guarded(guard, deadline, post.host, post.port)
    try:
        if post.tls is Tls.REQUIRED:
            session.starttls(context=context)
    except BaseException:
        session.close()
        raise
    return session


class _Guarded(smtplib.SMTP):
    """Connects to a judged address, and says and hears nothing past the deadline."""

    def __init__(self, guard: GuardPolicy, deadline: Deadline, host: str, port: int) -> None:
        self._guard = guard
        self._deadline = deadline
        super().__init__(host, port, timeout=deadline.left())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return _connected(self._guard, host, port, self._deadline)

    def send(self, s: Any) -> None:
        """Say a line, or the letter, whose last one is a dot."""
        self._limit()
        super().send(s)
        if isinstance(s, bytes) and s.endswith(_END_OF_LETTER):
            self._deadline.hand_in()

    def getreply(self) -> tuple[int, bytes]:
        """Hear an answer."""
        self._limit()
        return super().getreply()

    def _limit(self) -> None:
        try:
            left = self._deadline.left()
        except TimeoutError:
            self.close()
            raise
        if self.sock is not None:
            self.sock.settimeout(left)


class _Encrypted(_Guarded):
    """The same with TLS from the first byte, under the name that is verified."""

    def __init__(
        self,
        guard: GuardPolicy,
        deadline: Deadline,
        host: str,
        port: int,
        *,
        context: ssl.SSLContext,
    ) -> None:
        self._context = context
        self._verified = host
        super().__init__(guard, deadline, host, port)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        bare = super()._get_socket(host, port, timeout)
        return self._context.wrap_socket(bare, server_hostname=self._verified)


def _connected(guard: GuardPolicy, host: str, port: int, deadline: Deadline) -> socket.socket:
    """Resolve, judge every address and connect to a judged one, with no second look-up."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
    judged = {each: refusal(each, allowed=guard.allow_networks) for each in addresses}
    good = [each for each, why in judged.items() if why is None]
    if not good:
        why = ", ".join(f"{each} is {said}" for each, said in judged.items())
        raise GuardRefused(f"{host}: {why}; allow its network if that is meant")
    return socket.create_connection((good[0], port), deadline.left())
