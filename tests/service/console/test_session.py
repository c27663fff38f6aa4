"""Addresses that a page may lead to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.console.session import inside


@pytest.mark.parametrize(
    "address", ["/console/", "/console/history?at=1", "/console/incidents/inc_1#step-a"]
)
def test_pages_of_the_console_are_kept(address: str):
    assert inside(address) == address


@pytest.mark.parametrize(
    "address",
    [None, "", "/", "/consolex/", "http://[", "/console/sign-in", "/console/password", "\n/x"],
)
def test_anything_else_is_the_queue(address: str | None):
    assert inside(address) == "/console/"


@given(st.text(max_size=40))
def test_no_address_leads_to_another_site(text: str):
    for address in (text, f"//{text}", f"/console/{text}"):
        assert inside(address).startswith("/console/")
