"""`fengsui channel test`: the real sender, and the receiver's own words."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import standardwebhooks

from tests.support.process import Finished, Shell
from tests.support.providers.robots import WeComRobot
from tests.support.webhook_receiver import Reply, WebhookReceiver, webhook_receiver


@pytest.fixture
def reachable(installed: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("FENGSUI_WEBHOOK_ALLOW_NETWORKS", "127.0.0.0/8")
    return installed


async def add(shell: Shell, folder: Path, url: str) -> str:
    """Make the channel `duty` by `apply`; answers its signing secret."""
    file = folder / "channels.yaml"
    file.write_text(f"channels: [{{id: duty, kind: webhook, url: '{url}'}}]\n", encoding="utf-8")
    done = await asyncio.to_thread(shell, "apply", "-f", file)
    return done.err.split()[-1]


async def try_channel(
    shell: Shell, folder: Path, reply: Reply
) -> tuple[Finished, WebhookReceiver, str]:
    async with webhook_receiver() as receiver:
        receiver.default = reply
        secret = await add(shell, folder, receiver.url("/hook/t0p-s3cret"))
        done = await asyncio.to_thread(shell, "channel", "test", "duty")
    return done, receiver, secret


async def test_an_accepted_message_shows_the_answer(reachable: Shell, tmp_path: Path) -> None:
    done, receiver, secret = await try_channel(reachable, tmp_path, Reply(body=b"thank you"))
    assert done.code == 0
    first, answer = done.out.splitlines()
    assert first.startswith("sent HTTP 200 in ")
    assert answer.strip() == "thank you"
    (request,) = receiver.received
    told = standardwebhooks.Webhook(secret).verify(request.body, dict(request.headers))
    assert told["type"] == "service.heartbeat"
    assert told["data"]["test"] is True


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply(status=422, body=b"no such room"), "refused HTTP 422"),
        (Reply(status=410, body=b"no such room"), "gone HTTP 410"),
        (Reply(status=503, body=b"no such room"), "retry HTTP 503"),
    ],
)
async def test_a_message_not_taken_ends_with_1_and_the_answer(
    reachable: Shell, tmp_path: Path, reply: Reply, word: str
) -> None:
    done, _, _ = await try_channel(reachable, tmp_path, reply)
    assert done.code == 1
    assert done.out.startswith(word)
    assert "no such room" in done.err


async def test_an_answer_cannot_write_to_the_terminal(reachable: Shell, tmp_path: Path) -> None:
    done, _, _ = await try_channel(reachable, tmp_path, Reply(body=b"\x1b[2J\nroot# "))
    assert "\x1b" not in done.out
    assert len(done.out.splitlines()) == 2


async def test_the_address_is_never_shown(reachable: Shell, tmp_path: Path) -> None:
    done, _, _ = await try_channel(reachable, tmp_path, Reply(drop=True))
    assert done.code == 1
    assert "t0p-s3cret" not in done.out + done.err


async def test_loopback_needs_leave(installed: Shell, tmp_path: Path) -> None:
    done, receiver, _ = await try_channel(installed, tmp_path, Reply())
    assert done.code == 1
    assert receiver.received == []


async def test_a_robots_refusal_in_the_body_shows_its_words_and_not_its_key(
    reachable: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "channels.yaml"
    async with webhook_receiver(WeComRobot()) as receiver:
        url = receiver.url("/cgi-bin/webhook/send?key=withdrawn-key")
        file.write_text(f"channels: [{{id: duty, kind: wecom, url: '{url}'}}]\n", encoding="utf-8")
        await asyncio.to_thread(reachable, "apply", "-f", file)
        done = await asyncio.to_thread(reachable, "channel", "test", "duty")
    assert done.code == 1
    assert done.out.startswith("refused HTTP 200")
    assert "93000" in done.err
    assert "withdrawn-key" not in done.out + done.err


def test_an_unknown_channel_is_refused_with_the_known_ones(installed: Shell) -> None:
    done = installed("channel", "test", "duty")
    assert (done.code, done.out) == (2, "")
    assert "there is no channel 'duty'" in done.err
