from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.fetch.address import parse_networks, refusal


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("10.1.2.3", "private or reserved"),
        ("172.16.0.1", "private or reserved"),
        ("192.168.1.1", "private or reserved"),
        ("100.64.0.1", "private or reserved"),
        ("fd00:ec2::254", "private or reserved"),
        ("169.254.169.254", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fec0::1", "site-local"),
        ("0.0.0.0", "unspecified"),
        ("::", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("240.0.0.1", "private or reserved"),
        ("255.255.255.255", "private or reserved"),
        ("4000::1", "reserved"),
        ("168.63.129.16", "a cloud metadata service"),
        ("100.100.100.200", "a cloud metadata service"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::127.0.0.1", "loopback"),
        ("64:ff9b::7f00:1", "loopback"),
        ("64:ff9b::a9fe:a9fe", "link-local"),
        ("64:ff9b:1::1", "a local NAT64 prefix"),
        ("2002:7f00:1::", "loopback"),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", "private or reserved"),
    ],
)
def test_addresses_inside_are_refused_with_their_kind(address: str, why: str) -> None:
    assert refusal(address) == why


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_pass(address: str) -> None:
    assert refusal(address) is None


def test_an_allowed_network_passes_and_its_neighbour_does_not() -> None:
    allowed = parse_networks(["10.1.0.0/16", "127.0.0.1"])
    assert refusal("10.1.9.9", allowed=allowed) is None
    assert refusal("::ffff:10.1.9.9", allowed=allowed) is None
    assert refusal("10.2.0.1", allowed=allowed) is not None


def test_what_is_no_network_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="my-lan"):
        parse_networks(["my-lan"])


@given(st.ip_addresses(v=4))
def test_an_address_carried_by_ipv6_is_judged_like_itself(address: object) -> None:
    number = int(ip_address(str(address)))
    mapped = ip_address((0xFFFF << 32) | number)
    translated = ip_address((0x0064FF9B << 96) | number)
    assert refusal(str(mapped)) == refusal(str(address)) == refusal(str(translated))
