"""E-mail to a mail server on loopback."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawlers.fetch import GuardPolicy
from service.clock import SystemClock
from service.delivery import ChannelTarget, SendOutcome, SendResult
from service.delivery.channels import MailSender
from tests.service.delivery.channels.conftest import LOOPBACK
from tests.service.delivery.channels.pages import AT, HOSTILE, cards, channel, message
from tests.support.providers.mail import Certificate, MailServer, mail_server, make_certificate

PASSWORD = "app-passw0rd"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(Path(tmp_path_factory.mktemp("mail")))


def target(state: MailServer, *secrets: str, **settings: Any) -> ChannelTarget:
    scheme = "smtps" if state.implicit else "smtp"
    given = {"from": "fengsui@brand.example", "to": ["duty@brand.example", "pr@brand.example"]}
    return channel("email", f"{scheme}://127.0.0.1:{state.port}", *secrets, **(given | settings))


async def attempt(
    state: MailServer,
    *secrets: str,
    guard: GuardPolicy = LOOPBACK,
    limit_s: float = 5.0,
    title: str = "奶茶里有异物",
    trusted: bool = True,
    **settings: Any,
) -> SendResult:
    context = state.certificate.client() if trusted else None
    sender = MailSender(cards(), clock=SystemClock(), guard=guard, context=context, limit_s=limit_s)
    with mail_server(state):
        return await sender.send(target(state, *secrets, **settings), message(title=title), at=AT)


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "smtps"])
async def test_a_letter_arrives_encrypted_and_signed_in(
    certificate: Certificate, implicit: bool
) -> None:
    state = MailServer(certificate, implicit=implicit)
    result = await attempt(state, PASSWORD, username="fengsui")
    assert (result.outcome, result.status) == (SendOutcome.SENT, 250)
    assert state.signed_in == [f"\0fengsui\0{PASSWORD}"]
    assert state.encrypted == [True]
    (letter,) = state.letters
    assert letter["Subject"] == "【重大】新事件：奶茶里有异物"
    assert letter["To"] == "duty@brand.example, pr@brand.example"
    assert letter["Message-ID"] == "<msg_0123456789abcdef0123@brand.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    plain, page = letter.iter_parts()
    assert "确认接警：https://f.example/a/" in plain.get_content()
    assert '<a href="https://f.example/a/' in page.get_content()


async def test_hostile_words_are_letters_in_both_parts(certificate: Certificate) -> None:
    state = MailServer(certificate)
    result = await attempt(state, title=HOSTILE + "\r\nBcc: all@evil.example")
    assert result.outcome is SendOutcome.SENT
    (letter,) = state.letters
    assert letter["Bcc"] is None
    plain, page = (part.get_content() for part in letter.iter_parts())
    assert "<b>hi" not in page
    assert "\u202e" not in plain + page + letter["Subject"]


@pytest.mark.parametrize(
    ("says", "outcome", "word"),
    [
        ({"CONNECT": "421 busy"}, SendOutcome.RETRY, "421"),
        ({"CONNECT": "554 go away"}, SendOutcome.REFUSED, "554"),
        ({"MAIL": "451 later"}, SendOutcome.RETRY, "451"),
        ({"MAIL": "550 not from you"}, SendOutcome.REFUSED, "550"),
        ({"RCPT": "450 mailbox busy"}, SendOutcome.RETRY, "450"),
        ({"RCPT": "550 nobody here"}, SendOutcome.REFUSED, "550"),
        ({"DATA": "554 spam"}, SendOutcome.REFUSED, "554"),
        ({".": "451 try later"}, SendOutcome.RETRY, "451"),
        ({".": "550 spam"}, SendOutcome.REFUSED, "550"),
    ],
)
async def test_what_a_code_means(
    certificate: Certificate, says: dict[str, str], outcome: SendOutcome, word: str
) -> None:
    result = await attempt(MailServer(certificate, says=says))
    assert result.outcome is outcome
    assert word in result.reason


async def test_one_recipient_of_two_is_named(certificate: Certificate) -> None:
    says = {"RCPT TO:<pr@brand.example>": "550 nobody"}
    result = await attempt(MailServer(certificate, says=says))
    assert result.outcome is SendOutcome.SENT
    assert result.answer == "accepted; refused for pr@brand.example"


async def test_who_is_put_off_has_it_later_and_nobody_has_it_twice(
    certificate: Certificate,
) -> None:
    greylisting = {"RCPT TO:<pr@brand.example>": "451 come again"}
    first, second = MailServer(certificate, says=greylisting), MailServer(certificate)
    sender = MailSender(
        cards(), clock=SystemClock(), guard=LOOPBACK, context=certificate.client(), limit_s=5.0
    )
    with mail_server(first):
        result = await sender.send(target(first), message(), at=AT)
    assert (result.outcome, len(first.letters)) == (SendOutcome.RETRY, 1)
    assert result.reason == "pr@brand.example: 451 come again"
    with mail_server(second):
        result = await sender.send(target(second), message(), at=AT)
    assert result.outcome is SendOutcome.SENT
    assert second.recipients == ["TO:<pr@brand.example>"]


@pytest.mark.parametrize("bye", ["421 busy", "500 what"])
async def test_a_letter_that_was_taken_is_sent_whatever_is_said_at_the_end(
    certificate: Certificate, bye: str
) -> None:
    state = MailServer(certificate, says={"QUIT": bye})
    result = await attempt(state)
    assert (result.outcome, len(state.letters)) == (SendOutcome.SENT, 1)


async def test_a_bare_address_in_a_title_is_no_link_in_a_letter(certificate: Certificate) -> None:
    state = MailServer(certificate)
    await attempt(state, title="见 https://evil.example/login")
    (letter,) = state.letters
    plain, page = (part.get_content() for part in letter.iter_parts())
    assert "evil.example" not in plain + page + letter["Subject"]
    assert "https://f.example/a/" in plain


async def test_a_wrong_password_is_refused_and_not_repeated(certificate: Certificate) -> None:
    says = {"AUTH": f"535 {'x' * 290} {PASSWORD} is wrong"}
    result = await attempt(MailServer(certificate, says=says), PASSWORD, username="fengsui")
    assert result.outcome is SendOutcome.REFUSED
    assert PASSWORD[:4] not in result.reason + result.answer
    assert "535" in result.reason


async def test_a_server_without_encryption_gets_nothing(certificate: Certificate) -> None:
    state = MailServer(certificate, starttls=False)
    result = await attempt(state, PASSWORD, username="fengsui")
    assert result.outcome is SendOutcome.REFUSED
    assert (state.letters, state.signed_in) == ([], [])


async def test_a_relay_inside_may_do_without(certificate: Certificate) -> None:
    state = MailServer(certificate, starttls=False)
    result = await attempt(state, tls="none")
    assert result.outcome is SendOutcome.SENT
    assert state.encrypted == [False]


async def test_a_certificate_that_nobody_trusts_ends_it(certificate: Certificate) -> None:
    state = MailServer(certificate)
    result = await attempt(state, trusted=False)
    assert (result.outcome, state.letters) == (SendOutcome.RETRY, [])
    assert "CERTIFICATE" in result.reason.upper()


async def test_silence_runs_into_the_limit(certificate: Certificate) -> None:
    result = await attempt(MailServer(certificate, hang=True), limit_s=0.2)
    assert result.outcome is SendOutcome.RETRY
    assert "time" in result.reason.lower()


SLOW = {"CONNECT": 0.25, "EHLO": 0.25, "MAIL": 0.25, "RCPT": 0.25, "DATA": 0.25}


async def test_a_server_that_is_slow_all_along_is_handed_no_letter(
    certificate: Certificate,
) -> None:
    state = MailServer(certificate, starttls=False, delays=SLOW)
    result = await attempt(state, limit_s=1.5, tls="none")
    assert (result.outcome, state.letters) == (SendOutcome.RETRY, [])


def patient(state: MailServer, *, limit_s: float) -> MailSender:
    trusted = state.certificate.client()
    return MailSender(
        cards(), clock=SystemClock(), guard=LOOPBACK, context=trusted, limit_s=limit_s
    )


async def test_an_answer_that_comes_late_counts_and_the_letter_goes_once(
    certificate: Certificate,
) -> None:
    state = MailServer(certificate, delays={".": 3.5})
    sender = patient(state, limit_s=2.5)
    with mail_server(state):
        first = await sender.send(target(state), message(), at=AT)
        again = await sender.send(target(state), message(), at=AT)
    assert (first.outcome, again.outcome) == (SendOutcome.RETRY, SendOutcome.SENT)
    assert "still waited for" in first.reason
    assert len(state.letters) == 1


async def test_a_late_refusal_of_a_letter_is_tried_again(certificate: Certificate) -> None:
    state = MailServer(certificate, delays={".": 3.5}, says={".": "451 not now"})
    sender = patient(state, limit_s=2.5)
    with mail_server(state):
        await sender.send(target(state), message(), at=AT)
        put_off = await sender.send(target(state), message(), at=AT)
        state.delays.clear()
        state.says.clear()
        sent = await sender.send(target(state), message(), at=AT)
    assert (put_off.outcome, put_off.status) == (SendOutcome.RETRY, 451)
    assert (sent.outcome, len(state.letters)) == (SendOutcome.SENT, 2)


async def test_a_server_that_hangs_keeps_no_thread_of_others(certificate: Certificate) -> None:
    state = MailServer(certificate, hang=True)
    sender = patient(state, limit_s=3)
    with mail_server(state):
        sending = [
            asyncio.create_task(
                sender.send(target(state), replace(message(), id=f"msg_{place}"), at=AT)
            )
            for place in range(20)
        ]
        await asyncio.sleep(0.05)
        await asyncio.to_thread(lambda: None)
        assert not any(task.done() for task in sending)
        results = await asyncio.gather(*sending)
    assert {result.outcome for result in results} == {SendOutcome.RETRY}


async def test_an_address_inside_is_refused(certificate: Certificate) -> None:
    state = MailServer(certificate)
    result = await attempt(state, guard=GuardPolicy())
    assert result.outcome is SendOutcome.REFUSED
    assert result.reason.startswith("not allowed")
    assert state.letters == []


@pytest.mark.parametrize("url", [None, "https://mail.example", "smtp://"])
async def test_a_channel_without_a_server_is_refused(url: str | None) -> None:
    sender = MailSender(cards(), clock=SystemClock(), guard=LOOPBACK)
    result = await sender.send(channel("email", url), message(), at=AT)
    assert (result.outcome, result.reason) == (
        SendOutcome.REFUSED,
        "the channel has no mail server",
    )
