"""Which addresses we send to: public ones by https. A name is judged by what it leads to when we connect."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from distportal.webhooks.errors import AddressRefused

PORTS = frozenset({443, 8443})
MOST_LENGTH = 500
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\\]")


def checked_url(text: str) -> str:
    """The address, as it is kept. Raises AddressRefused for all but https to a public host on port 443 or 8443.

    `WEBHOOK_LOOPBACK`, for a demo on one machine, allows this machine by http and on any port besides.
    """
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host.encode("idna")
    except (ValueError, UnicodeError) as error:
        raise AddressRefused(_("This is no address. Nothing was saved.")) from error
    if not host or len(url) > MOST_LENGTH or _UNSEEN.search(url) or not url.isascii():
        raise AddressRefused(_("This is no address. Nothing was saved."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressRefused(_("An address has no user, password or part behind #. Nothing was saved."))
    if settings.WEBHOOK_LOOPBACK and _is_this_machine(host) and parts.scheme in ("http", "https"):
        return url
    if parts.scheme != "https":
        raise AddressRefused(_("We send to https addresses only. Nothing was saved."))
    if (port or 443) not in PORTS:
        raise AddressRefused(_("We send to ports 443 and 8443 only. Nothing was saved."))
    _check_host(host)
    return url


def refusal_of(address: str, *, loopback: bool) -> str:
    """Why we connect to no such IP address; empty where we do. `loopback`: this machine is all right."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return f"{address} is no IP address"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if loopback and ip.is_loopback:
        return ""
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return f"{address} is not a public address"
    # What carries an IPv4 address inside could lead anywhere.
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in _GLOBAL_IPV6 or ip.sixtofour or ip.teredo):
        return f"{address} is not a public address"
    return ""


def _check_host(host: str) -> None:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        # `127.1` and `2130706433` are addresses to a resolver, and no names of anybody.
        if "." not in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
            raise AddressRefused(_("This host has no public name. Nothing was saved.")) from None
        return
    if why := refusal_of(host, loopback=False):
        raise AddressRefused(_("We send to public addresses only: %(why)s. Nothing was saved.") % {"why": why})


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
