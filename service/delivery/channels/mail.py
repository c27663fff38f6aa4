"""E-mail: one message in plain text and HTML over SMTP, encrypted by TLS or STARTTLS.

The session is that of the standard library, in a thread; the connection under it goes to an
address that was judged like any other that people type.
"""

from __future__ import annotations

import asyncio
import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from crawlers.errors import GuardRefused
from crawlers.fetch import GuardPolicy
from crawlers.fetch.address import refusal
from service.clock import Clock
from service.delivery.channels import escaping
from service.delivery.channels.card import Card, Cards
from service.delivery.channels.layout import buttons, headline, lines
from service.delivery.hiding import without
from service.delivery.model import ChannelTarget, Message, SendOutcome, SendResult

LIMIT_S = 20.0
"""For each exchange of the session; the deliverer bounds the whole."""
PORTS = {"smtp": 587, "smtps": 465}


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


class MailSender:
    """Sends cards by SMTP."""

    def __init__(
        self,
        cards: Cards,
        *,
        clock: Clock,
        guard: GuardPolicy,
        context: ssl.SSLContext | None = None,
        limit_s: float = LIMIT_S,
    ) -> None:
        """`guard` says which inner networks may be reached; `context` whom TLS trusts."""
        self._cards = cards
        self._clock = clock
        self._guard = guard
        self._context = context or ssl.create_default_context()
        self._limit_s = limit_s

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        post = post_of(channel)
        if post is None:
            return SendResult(outcome=SendOutcome.REFUSED, reason="the channel has no mail server")
        card = await self._cards.card(channel, message, at=at)
        letter = letter_of(card, message, post, at=at)
        started = self._clock.monotonic()
        result = await asyncio.to_thread(self._deliver, post, letter)
        return SendResult(
            outcome=result.outcome,
            status=result.status,
            answer=without(result.answer, channel.secrets),
            reason=without(result.reason, channel.secrets),
            duration_ms=(self._clock.monotonic() - started) * 1000,
        )

    def _deliver(self, post: Post, letter: EmailMessage) -> SendResult:
        try:
            with _session(post, self._guard, self._context, self._limit_s) as session:
                if post.username and post.password:
                    session.login(post.username, post.password)
                unreached = session.send_message(letter, post.sender, post.recipients)
        except GuardRefused as error:
            return SendResult(outcome=SendOutcome.REFUSED, reason=f"not allowed: {error}")
        except smtplib.SMTPRecipientsRefused as error:
            return _of_recipients(error.recipients)
        except smtplib.SMTPResponseException as error:
            return _of_code(error.smtp_code, _words(error.smtp_error))
        except smtplib.SMTPNotSupportedError as error:
            return SendResult(outcome=SendOutcome.REFUSED, reason=f"the mail server: {error}")
        except (smtplib.SMTPException, OSError) as error:
            return SendResult(
                outcome=SendOutcome.RETRY, reason=f"{type(error).__name__}: {error}"[:300]
            )
        said = "accepted"
        if unreached:
            said += f"; refused for {', '.join(sorted(unreached))}"
        return SendResult(outcome=SendOutcome.SENT, status=250, answer=said)


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


def letter_of(card: Card, message: Message, post: Post, *, at: datetime) -> EmailMessage:
    """The letter. Every attempt has the same Message-ID, so that twice sent is once shown."""
    letter = EmailMessage()
    letter["Subject"] = headline(card, escaping.plain)
    letter["From"] = formataddr(("烽燧 Fengsui", post.sender))
    letter["To"] = ", ".join(post.recipients)
    letter["Date"] = format_datetime(at)
    domain = post.sender.rpartition("@")[2] or "fengsui"
    letter["Message-ID"] = f"<{message.id}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    links = buttons(card)
    said = lines(card, escaping.plain, label="{label}{colon}{text}", item="- {text}")
    colon = card.words("colon")
    pressed = [f"{words}{colon}{url}" for words, url in links]
    letter.set_content("\n".join([headline(card, escaping.plain), "", *said, "", *pressed, ""]))
    letter.add_alternative(_page(card, links), subtype="html")
    return letter


def _page(card: Card, links: Sequence[tuple[str, str]]) -> str:
    rows = lines(card, escaping.web, label="<p><b>{label}</b>{colon}{text}</p>", item="<li>{text}")
    pressed = " &nbsp; ".join(
        f'<a href="{escaping.web(url)}">{escaping.web(words)}</a>' for words, url in links
    )
    return (
        f'<html lang="{card.words.language.value}"><body>'
        f'<h2 style="border-left:6px solid {card.colour};padding-left:8px">'
        f"{headline(card, escaping.web)}</h2>{''.join(rows)}<p>{pressed}</p></body></html>"
    )


def _session(
    post: Post, guard: GuardPolicy, context: ssl.SSLContext, limit_s: float
) -> smtplib.SMTP:
    """A session that is connected, and encrypted unless the channel wants none."""
    if post.implicit:
        return _GuardedTls(guard, post.host, post.port, timeout=limit_s, context=context)
    session = _Guarded(guard, post.host, post.port, timeout=limit_s)
    try:
        if post.tls is Tls.REQUIRED:
            session.starttls(context=context)
    except BaseException:
        session.close()
        raise
    return session


class _Guarded(smtplib.SMTP):
    """Connects to a judged address, under the name that TLS verifies."""

    def __init__(self, guard: GuardPolicy, host: str, port: int, *, timeout: float) -> None:
        self._guard = guard
        super().__init__(host, port, timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return _connected(self._guard, host, port, timeout)


class _GuardedTls(smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""

    def __init__(
        self,
        guard: GuardPolicy,
        host: str,
        port: int,
        *,
        timeout: float,
        context: ssl.SSLContext,
    ) -> None:
        self._guard = guard
        self._verified = host
        super().__init__(host, port, timeout=timeout, context=context)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        bare = _connected(self._guard, host, port, timeout)
        return self.context.wrap_socket(bare, server_hostname=self._verified)


def _connected(guard: GuardPolicy, host: str, port: int, timeout: float) -> socket.socket:
    """Resolve, judge every address and connect to a judged one, with no second look-up."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
    judged = {each: refusal(each, allowed=guard.allow_networks) for each in addresses}
    good = [each for each, why in judged.items() if why is None]
    if not good:
        why = ", ".join(f"{each} is {said}" for each, said in judged.items())
        raise GuardRefused(f"{host}: {why}; allow its network if that is meant")
    return socket.create_connection((good[0], port), timeout)


def _of_code(code: int, words: str) -> SendResult:
    """4xx may go well later, 5xx would be said again."""
    outcome = SendOutcome.REFUSED if 500 <= code < 600 else SendOutcome.RETRY
    return SendResult(outcome=outcome, status=code, answer=words, reason=f"SMTP {code}: {words}")


def _of_recipients(refused: Mapping[str, Any]) -> SendResult:
    """Nobody may have it: refused for good only when that is said of everybody."""
    codes = [code for code, _ in refused.values()]
    words = "; ".join(f"{to}: {code} {_words(said)}" for to, (code, said) in refused.items())
    outcome = SendOutcome.REFUSED if all(code >= 500 for code in codes) else SendOutcome.RETRY
    return SendResult(outcome=outcome, status=max(codes, default=None), reason=words[:500])


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return escaping.plain(text)[:300]
