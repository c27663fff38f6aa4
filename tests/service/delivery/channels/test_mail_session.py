"""The deadline of a mail session."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.delivery.channels.mail import letter_of
from service.delivery.channels.mail_session import Deadline, hand_in, post_of
from tests.service.delivery.channels.conftest import LOOPBACK
from tests.service.delivery.channels.pages import AT, cards, channel, message
from tests.support.providers.mail import Certificate, MailServer, mail_server, make_certificate


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(Path(tmp_path_factory.mktemp("mail")))


def test_the_time_before_the_letter_is_one_for_all() -> None:
    ticks = iter([0.0, 4.0, 12.0])
    deadline = Deadline(lambda: next(ticks), within_s=12.0, answer_s=45.0)
    assert deadline.left() == 8.0
    with pytest.raises(TimeoutError, match="before the letter was handed in"):
        deadline.left()


def test_a_letter_that_was_handed_in_has_time_for_its_answer() -> None:
    ticks = iter([0.0, 11.0, 50.0, 57.0])
    deadline = Deadline(lambda: next(ticks), within_s=12.0, answer_s=45.0)
    deadline.hand_in()
    assert deadline.left() == 6.0
    with pytest.raises(TimeoutError, match="after the letter"):
        deadline.left()


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "smtps"])
async def test_past_the_deadline_no_letter_is_handed_in(
    certificate: Certificate, implicit: bool
) -> None:
    state = MailServer(certificate, implicit=implicit)
    with mail_server(state):
        scheme = "smtps" if implicit else "smtp"
        settings = {"from": "fengsui@brand.example", "to": ["duty@brand.example"]}
        there = channel("email", f"{scheme}://127.0.0.1:{state.port}", **settings)
        post = post_of(there)
        assert post is not None
        letter = letter_of(await cards().card(there, message(), at=AT), message(), post, at=AT)
        # Time is over at the moment at which the server has heard of the recipient.
        late = Deadline(lambda: 99.0 if state.recipients else 0.0, within_s=12.0, answer_s=45.0)
        with pytest.raises(TimeoutError):
            hand_in(
                post,
                letter,
                post.recipients,
                guard=LOOPBACK,
                context=certificate.client(),
                deadline=late,
            )
    assert (len(state.recipients), state.letters) == (1, [])
