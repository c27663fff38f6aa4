"""`fengsui author erase`."""

from __future__ import annotations

import pytest

from tests.support.process import Shell

AUTHOR = "au_0123456789abcdef0123"


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """No command here reads a text; loading what could would take most of the time."""
    monkeypatch.setenv("FENGSUI_ENCODER", "lexical")


def test_an_author_is_erased_and_the_deed_kept(installed: Shell) -> None:
    done = installed("author", "erase", AUTHOR, "--reason", "asked by mail", "--yes")
    assert (done.code, done.out) == (0, f"erased {AUTHOR}: 0 posts, no handle was kept\n")
    assert "unsealed 1" in installed("audit", "verify").out


def test_an_account_is_found_by_its_id_at_the_site(installed: Shell) -> None:
    account = ("author", "erase", "2803301701", "--source", "weibo", "--reason", "x", "--yes")
    first, second = installed(*account), installed(*account)
    assert first.code == 0
    assert first.out.startswith("erased au_")
    assert second.out == first.out


def test_erasing_asks_first(installed: Shell) -> None:
    assert installed("author", "erase", AUTHOR, "--reason", "x", stdin=b"n\n").code == 130
    assert "unsealed 0" in installed("audit", "verify").out


def test_what_is_no_author_is_refused(installed: Shell) -> None:
    done = installed("author", "erase", "lin", "--reason", "x", "--yes")
    assert done.code == 2
    assert "is no author" in done.err
