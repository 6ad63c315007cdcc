"""From which addresses a key may be used."""

from __future__ import annotations

import ipaddress

from django.utils.translation import gettext as _

from distportal.common.errors import Invalid

MOST = 20


def clean_networks(text: str) -> str:
    """`203.0.113.0/24 2001:db8::/48` from what was typed, in one spelling. Raises Invalid for what is no network, for
    more than 20 of them, and for bits behind the mask, which say that something else was meant.
    """
    told = text.replace(",", " ").split()
    if len(told) > MOST:
        raise Invalid(_("A key has at most 20 address ranges. Nothing was saved."))
    try:
        return " ".join(str(ipaddress.ip_network(one)) for one in told)
    except ValueError as error:
        raise Invalid(_("This is no address range: %(why)s. Nothing was saved.") % {"why": error}) from error


def covers(networks: str, address: str) -> bool:
    """Whether the address is in one of the ranges; any is where there are none."""
    if not networks:
        return True
    try:
        told = ipaddress.ip_address(address.strip())
    except ValueError:
        return False
    mapped = getattr(told, "ipv4_mapped", None)
    return any((mapped or told) in ipaddress.ip_network(one) for one in networks.split())
