"""Where the desk connects to on somebody's word: which addresses, and never inside (H-35)."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from domain.refusals import Refusal

LONGEST = 500  # characters

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
_COMPATIBLE = ipaddress.ip_network("::/96")
_METADATA = (
    ipaddress.ip_network("168.63.129.16/32"),  # Azure's, which looks like any other
    ipaddress.ip_network("192.0.0.0/24"),  # Oracle's is in what Python holds for global
)
_PORTS = {"https": 443, "http": 80}


class AddressRefused(Refusal):
    """Nobody is told of anything there."""

    text_key = "webhook_page.refusal.address"


class SchemeRefused(AddressRefused):
    text_key = "webhook_page.refusal.scheme"


class HostRefused(AddressRefused):
    """Not on the operator's list, or inside."""

    text_key = "webhook_page.refusal.host"


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart; `is_inside`: the operator vouches for the host."""

    scheme: str
    host: str
    port: int
    path: str
    is_inside: bool

    @property
    def authority(self) -> str:
        """The host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, allowed: Sequence[str], inside: Sequence[str]) -> Target:
    """The address, if its words say nothing against it; an `AddressRefused` otherwise."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise AddressRefused() from None
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(' "<>\\^`{|}')
    is_whole = bool(host) and parts.scheme in _PORTS and len(url) <= LONGEST and port != 0
    if not (is_plain and is_whole) or "@" in parts.netloc or parts.fragment:
        raise AddressRefused()
    is_inside = _is_named(host, inside)
    if parts.scheme != "https" and not is_inside:
        raise SchemeRefused()
    if not is_inside and (_is_refused_literal(host) or (allowed and not _is_named(host, allowed))):
        raise HostRefused()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path, is_inside)


def first_public(addresses: Iterable[str]) -> str | None:
    """The first that may be connected to; None if any may not: a name with two faces is none."""
    found = list(addresses)
    return found[0] if found and all(map(is_public, found)) else None


def is_public(address: str) -> bool:
    """Whether it is a machine of the internet, whatever form the number is written in."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(each.is_global and not _is_special(each) for each in _meant(number))


def _is_special(number: _Address) -> bool:
    return number.is_multicast or number.is_reserved or any(number in each for each in _METADATA)


def _meant(number: _Address) -> list[_Address]:
    """The number, and the one of IPv4 that is hidden in it."""
    if isinstance(number, ipaddress.IPv4Address):
        return [number]
    low = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    if number.ipv4_mapped is not None:
        return [number.ipv4_mapped]
    if number in _NAT64:
        return [low]
    if number in _COMPATIBLE or number in _NAT64_LOCAL:
        return [ipaddress.IPv4Address(0)]  # nothing of today's internet is there
    hidden = [each for each in (number.sixtofour, *(number.teredo or ())) if each is not None]
    return [number, *hidden]


def _is_refused_literal(host: str) -> bool:
    """A number as a host: one of inside, or written so that only a resolver understands it."""
    if ":" in host:
        return not is_public(host)
    is_number = host.rpartition(".")[2].isdigit() or host.rpartition(".")[2].startswith("0x")
    return host == "localhost" or host.endswith(".localhost") or (is_number and not is_public(host))


def _is_named(host: str, names: Iterable[str]) -> bool:
    """`desk.example.com`, or `*.example.com` for all below it."""
    return any(
        host.endswith(name[1:]) if name.startswith("*.") else host == name
        for name in (each.lower().rstrip(".") for each in names)
    )
