"""Answers without our secrets."""

from __future__ import annotations

import pytest

from service.delivery.hiding import HIDDEN, secret_parts, without


@pytest.mark.parametrize(
    ("url", "secrets", "said", "shown"),
    [
        (
            "https://x.example/robot/send?access_token=abcdef123",
            (),
            "token abcdef123 not found",
            f"token {HIDDEN} not found",
        ),
        (
            "https://x.example/hook/t0ken%2Fslash",
            (),
            "no t0ken/slash nor t0ken%2Fslash",
            f"no {HIDDEN} nor {HIDDEN}",
        ),
        ("https://x.example/a", ("SECRET-1",), "SECRET-1 SECRET-1", f"{HIDDEN} {HIDDEN}"),
        ("https://x.example/services/ok", (), "services are ok", "services are ok"),
        ("http://[broken", ("s3cret",), "http://[broken s3cret", f"{HIDDEN} {HIDDEN}"),
    ],
)
def test_what_is_hidden(url: str, secrets: tuple[str, ...], said: str, shown: str) -> None:
    assert without(said, secret_parts(url, secrets)) == shown
