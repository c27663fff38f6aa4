"""Which addresses we may talk to: the public internet, and what the operator allows by name."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = ip_network("64:ff9b::/96")
_NAT64_LOCAL = ip_network("64:ff9b:1::/48")
_COMPATIBLE = ip_network("::/96")

# Metadata and host services of clouds that answer on addresses which look public.
_METADATA = frozenset({ip_address("168.63.129.16"), ip_address("100.100.100.200")})


def parse_networks(cidrs: Sequence[str]) -> tuple[Network, ...]:
    """Read CIDRs such as `10.1.0.0/16`; raises ValueError naming the one that is none."""
    return tuple(ip_network(cidr, strict=False) for cidr in cidrs)


def refusal(text: str, *, allowed: Sequence[Network] = ()) -> str | None:
    """Why an IP address must not be connected to; None when it may be.

    An IPv6 address that carries an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo) is judged by
    the latter, since that is where the packets go. `allowed` networks pass whatever they are.
    """
    address = ip_address(text.partition("%")[0])
    carried = _carried(address)
    for candidate in (address, carried):
        if candidate is not None and any(candidate in network for network in allowed):
            return None
    if address in _NAT64_LOCAL:
        return "a local NAT64 prefix"
    return _kind(address if carried is None else carried)


def _carried(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    return None


def _kind(address: Address) -> str | None:
    if address in _METADATA:
        return "a cloud metadata service"
    if address.is_unspecified:
        return "unspecified"
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if isinstance(address, IPv6Address) and address.is_site_local:
        return "site-local"
    if not address.is_global:
        return "private or reserved"
    if address.is_reserved:
        return "reserved"
    return None
