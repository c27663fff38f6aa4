"""E-mail to a mail server on loopback."""

from __future__ import annotations

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


async def test_a_wrong_password_is_refused_and_not_repeated(certificate: Certificate) -> None:
    says = {"AUTH": f"535 {PASSWORD} is wrong"}
    result = await attempt(MailServer(certificate, says=says), PASSWORD, username="fengsui")
    assert result.outcome is SendOutcome.REFUSED
    assert PASSWORD not in result.reason + result.answer
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
