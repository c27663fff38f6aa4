"""E-mail: one message in plain text and HTML over SMTP, encrypted by TLS or STARTTLS."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from functools import cache
from typing import Any

from crawlers.errors import GuardRefused
from crawlers.fetch import GuardPolicy
from service.clock import Clock
from service.delivery.channels import escaping
from service.delivery.channels.card import Card
from service.delivery.channels.cards import Cards
from service.delivery.channels.exchange import REASON_LIMIT
from service.delivery.channels.layout import buttons, headline, lines
from service.delivery.channels.mail_session import Deadline, Post, hand_in, post_of
from service.delivery.hiding import without
from service.delivery.model import ChannelTarget, Message, SendOutcome, SendResult

LIMIT_S = 20.0
"""For a whole attempt, its turn among others included; below the deliverer's own limit."""
BEFORE_LETTER = 0.8
"""The share of it in which the letter must be handed in; its answer has the rest, and more."""
ANSWER_S = 45.0
"""How long the answer to a letter that was handed in is waited for. It may come after the attempt
has ended as one to repeat, and the next attempt finds it: the letter is not handed in again."""
MOST_SESSIONS = 16
MOST_REMEMBERED = 1_000

_Key = tuple[str, str]


@cache
def _machine_trust() -> ssl.SSLContext:
    """The machine's authorities, read once a process: an installation has its own there."""
    return ssl.create_default_context()


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
        self._context = context or _machine_trust()
        self._limit_s = limit_s
        # Its own: a mail server that hangs must not keep the API's threads.
        self._threads = ThreadPoolExecutor(MOST_SESSIONS, thread_name_prefix="mail")
        self._under_way: dict[_Key, asyncio.Future[SendResult]] = {}
        self._reached: OrderedDict[_Key, set[str]] = OrderedDict()
        """Who has a letter that others still wait for; after a restart they have it again."""

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        post = post_of(channel)
        if post is None:
            return SendResult(outcome=SendOutcome.REFUSED, reason="the channel has no mail server")
        started = self._clock.monotonic()
        key = (channel.id, message.id)
        session = self._under_way.get(key)
        if session is None:
            card = await self._cards.card(channel, message, at=at)
            session = self._begin(key, post, letter_of(card, message, post, at=at))
        await asyncio.wait({session}, timeout=self._limit_s)
        if session.done():
            result = session.result()
        else:
            reason = f"no answer to the letter within {self._limit_s:g} s; it is still waited for"
            result = SendResult(outcome=SendOutcome.RETRY, reason=reason)
        if result.outcome is not SendOutcome.RETRY:
            self._reached.pop(key, None)
        return SendResult(
            outcome=result.outcome,
            status=result.status,
            answer=without(result.answer, channel.secrets),
            reason=without(result.reason, channel.secrets)[:REASON_LIMIT],
            duration_ms=(self._clock.monotonic() - started) * 1000,
        )

    def _begin(self, key: _Key, post: Post, letter: EmailMessage) -> asyncio.Future[SendResult]:
        """Hand it in by a thread; the time runs from here, as a turn may have to be waited for."""
        reached = self._reached.setdefault(key, set())
        while len(self._reached) > MOST_REMEMBERED:
            self._reached.popitem(last=False)
        deadline = Deadline(
            self._clock.monotonic, within_s=self._limit_s * BEFORE_LETTER, answer_s=ANSWER_S
        )
        session = asyncio.get_running_loop().run_in_executor(
            self._threads, self._deliver, post, letter, reached, deadline
        )
        self._under_way[key] = session
        session.add_done_callback(lambda _: self._under_way.pop(key, None))
        return session

    def _deliver(
        self, post: Post, letter: EmailMessage, reached: set[str], deadline: Deadline
    ) -> SendResult:
        wanted = [each for each in post.recipients if each not in reached]
        if post.recipients and not wanted:
            return SendResult(outcome=SendOutcome.SENT, status=250, answer="accepted before")
        try:
            unreached = hand_in(
                post, letter, wanted, guard=self._guard, context=self._context, deadline=deadline
            )
        except GuardRefused as error:
            return SendResult(outcome=SendOutcome.REFUSED, reason=f"not allowed: {error}")
        except smtplib.SMTPRecipientsRefused as error:
            return _of_recipients(error.recipients)
        except smtplib.SMTPResponseException as error:
            return _of_code(error.smtp_code, _words(error.smtp_error))
        except smtplib.SMTPNotSupportedError as error:
            return SendResult(outcome=SendOutcome.REFUSED, reason=f"the mail server: {error}")
        except (smtplib.SMTPException, OSError) as error:
            return SendResult(outcome=SendOutcome.RETRY, reason=f"{type(error).__name__}: {error}")
        reached.update(each for each in wanted if each not in unreached)
        later = {to: said for to, said in unreached.items() if said[0] < 500}
        if later:
            return _of_recipients(later)
        said = "accepted"
        if unreached:
            said += f"; refused for {', '.join(sorted(unreached))}"
        return SendResult(outcome=SendOutcome.SENT, status=250, answer=said)


def letter_of(card: Card, message: Message, post: Post, *, at: datetime) -> EmailMessage:
    """The letter. Every attempt has the same Message-ID, so that twice sent is once shown."""
    letter = EmailMessage()
    letter["Subject"] = headline(card, escaping.quoted)
    letter["From"] = formataddr(("烽燧 Fengsui", post.sender))
    letter["To"] = ", ".join(post.recipients)
    letter["Date"] = format_datetime(at)
    domain = post.sender.rpartition("@")[2] or "fengsui"
    letter["Message-ID"] = f"<{message.id}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    links = buttons(card)
    said = lines(card, escaping.quoted, label="{label}{colon}{text}", item="- {text}")
    colon = card.words("colon")
    pressed = [f"{words}{colon}{url}" for words, url in links]
    letter.set_content("\n".join([headline(card, escaping.quoted), "", *said, "", *pressed, ""]))
    letter.add_alternative(_page(card, links), subtype="html")
    return letter


def _page(card: Card, links: Sequence[tuple[str, str]]) -> str:
    rows = lines(
        card, escaping.quoted_web, label="<p><b>{label}</b>{colon}{text}</p>", item="<li>{text}"
    )
    pressed = " &nbsp; ".join(
        f'<a href="{escaping.web(url)}">{escaping.web(words)}</a>' for words, url in links
    )
    return (
        f'<html lang="{card.words.language.value}"><body>'
        f'<h2 style="border-left:6px solid {card.colour};padding-left:8px">'
        f"{headline(card, escaping.quoted_web)}</h2>{''.join(rows)}<p>{pressed}</p></body></html>"
    )


def _of_code(code: int, words: str) -> SendResult:
    """4xx may go well later, 5xx would be said again."""
    outcome = SendOutcome.REFUSED if 500 <= code < 600 else SendOutcome.RETRY
    return SendResult(outcome=outcome, status=code, answer=words, reason=f"SMTP {code}: {words}")


def _of_recipients(refused: Mapping[str, Any]) -> SendResult:
    """Nobody may have it: refused for good only when that is said of everybody."""
    codes = [code for code, _ in refused.values()]
    words = "; ".join(f"{to}: {code} {_words(said)}" for to, (code, said) in refused.items())
    outcome = SendOutcome.REFUSED if all(code >= 500 for code in codes) else SendOutcome.RETRY
    return SendResult(outcome=outcome, status=max(codes, default=None), reason=words)


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return escaping.plain(text)
