"""How fast a channel may send."""

from __future__ import annotations

from typing import Any

import pytest

from service.delivery.channels.limits import limits_of, robot_of
from service.delivery.pacing import Limit, Pace
from tests.service.delivery.channels.pages import channel

URL = "https://hooks.example/t0p-s3cret"
DING = "https://oapi.dingtalk.example/robot/send?access_token=t0p-s3cret"
ROBOT = Limit(key="robot:duty", pace=Pace(per_minute=15, burst=5))


def own(**pace: Any) -> Limit:
    return Limit(key="channel:duty", pace=Pace(**pace))


@pytest.mark.parametrize(
    ("kind", "settings", "wanted"),
    [
        ("dingtalk", {}, (ROBOT,)),
        ("dingtalk", {"per_minute": 100}, (ROBOT,)),
        ("dingtalk", {"per_minute": 4}, (ROBOT, own(per_minute=4, burst=2))),
        ("dingtalk", {"per_minute": "5"}, (ROBOT, own(per_minute=5, burst=2))),
        ("dingtalk", {"per_minute": 1}, (ROBOT, own(per_minute=2, burst=1))),
        ("dingtalk", {"per_minute": True}, (ROBOT,)),
        ("dingtalk", {"per_minute": "often"}, (ROBOT,)),
        ("webhook", {}, ()),
        ("webhook", {"per_minute": 30}, (own(per_minute=30, burst=5, digests=False),)),
        ("json", {"per_minute": 2}, (own(per_minute=2, burst=1, digests=False),)),
        ("canary", {}, ()),
    ],
)
def test_a_pace_of_its_own_only_slows(
    kind: str, settings: dict[str, Any], wanted: tuple[Limit, ...]
) -> None:
    assert limits_of(channel(kind, **settings)) == wanted


def test_a_pager_has_no_digests_whatever_its_pace() -> None:
    limits = limits_of(channel("pagerduty", per_minute=10))
    assert [limit.pace.digests for limit in limits] == [False, False]


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("dingtalk", {"url": DING}, {"url": DING, "secrets": ("SEC1",)}, True),
        ("dingtalk", {"url": DING}, {"url": DING + "1"}, False),
        ("pagerduty", {"secrets": ("a" * 32, "x")}, {"secrets": ("a" * 32,)}, True),
        ("pagerduty", {"secrets": ("a" * 32,)}, {"secrets": ("b" * 32,)}, False),
        (
            "email",
            {"url": URL, "settings": {"username": "a", "to": ["x"]}},
            {"url": URL, "settings": {"username": "a", "to": ["y"]}},
            True,
        ),
        ("recording", {}, {}, True),
    ],
)
def test_what_a_provider_counts_by(
    kind: str, one: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    def robot(url: str | None = None, secrets: Any = (), settings: Any = None) -> str | None:
        return robot_of(kind, url=url, secrets=secrets, settings=settings or {})

    assert (robot(**one) == robot(**other)) is same
