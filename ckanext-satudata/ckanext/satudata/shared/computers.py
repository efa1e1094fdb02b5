"""Which computer a request comes from, to count by: kept as a keyed digest for a while, no more.

The address of a computer says who somebody is (UU 27/2022 art. 27), so it stands in no table and in
no log of ours.
"""
from __future__ import annotations

import hashlib
import hmac
import ipaddress

import ckan.plugins.toolkit as tk
from flask import has_request_context

__all__ = ["computer", "mark"]


def computer() -> str:
    """Return the address a request comes from; of IPv6 the network, which one person has whole.

    Behind a proxy on this machine the last address it wrote down counts: that one it saw itself.
    """
    if not has_request_context():
        return ""
    try:
        found = ipaddress.ip_address(tk.request.remote_addr or "")
        written = tk.request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if _plain(found).is_loopback and written:
            found = ipaddress.ip_address(written)
    except ValueError:
        return ""
    found = _plain(found)
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


def _plain(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the IPv4 address that a server listening on IPv6 writes as ``::ffff:203.0.113.7``.

    All of these are one network of IPv6: one person would use up what everybody may ask.
    """
    return getattr(address, "ipv4_mapped", None) or address


def mark() -> str:
    """Return the digest under which the computer of this request is counted; empty without one."""
    address = computer()
    if not address:
        return ""
    secret = str(tk.config["SECRET_KEY"]).encode()
    return hmac.new(secret, address.encode(), hashlib.sha256).hexdigest()[:32]
