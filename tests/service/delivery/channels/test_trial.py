"""Trying a channel out."""

from __future__ import annotations

from datetime import timedelta

from service.delivery import ChannelTarget, SendOutcome
from service.delivery.channels import Trials
from service.delivery.pacing import Limit, Pace
from tests.service.delivery.scene import Scene, channel

PACE = Pace(per_minute=15, burst=2)


def trials(scene: Scene) -> Trials:
    def limits(target: ChannelTarget) -> tuple[Limit, ...]:
        return (Limit(key=f"robot:{target.robot}", pace=PACE),)

    return Trials(
        scene.database,
        clock=scene.clock,
        senders={"scripted": scene.sender},
        limits_of=limits,
    )


async def test_a_test_is_sent_and_marked(scene: Scene) -> None:
    message, result = await trials(scene).run(channel("a", robot="r"), by="me", nonce="1")
    assert result.outcome is SendOutcome.SENT
    assert [sent for _, sent, _ in scene.sender.sent] == [message]
    assert message.data["test"] is True


async def test_tests_spend_what_the_robot_takes(scene: Scene) -> None:
    trying = trials(scene)
    for name in ("a", "b", "a"):
        _, result = await trying.run(channel(name, robot="r"), by="me", nonce=name)
    assert result.outcome is SendOutcome.RETRY
    assert "nothing was sent" in result.reason
    assert len(scene.sender.sent) == PACE.burst
    scene.step(timedelta(seconds=10))
    _, result = await trying.run(channel("a", robot="r"), by="me", nonce="4")
    assert result.outcome is SendOutcome.SENT


async def test_a_sender_that_breaks_is_an_answer(local: Scene) -> None:
    local.sender.script["a"] = [UnicodeError("label too long: https://hook.example/t0ken")]
    _, result = await trials(local).run(channel("a", robot="r"), by="me", nonce="1")
    assert result.outcome is SendOutcome.RETRY
    assert "the sender broke: UnicodeError" in result.reason
    assert "t0ken" not in result.reason
