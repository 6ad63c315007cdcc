"""What each role of a dealer's company may do: the one table that pages, processes and the help page ask."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _

from distportal.accounts.choices import Role


class Act(models.TextChoices):
    """Something a dealer's person can be allowed to do. Every dealer page and process names one."""

    VIEW_PRICES = "view_prices", _("See the catalogue, prices and availability")
    VIEW_ORDERS = "view_orders", _("See orders, deliveries and returns")
    PLACE_ORDERS = "place_orders", _("Fill a cart and place orders")
    CHANGE_ORDERS = "change_orders", _("Change and cancel orders, answer questions on them")
    APPROVE_ORDERS = "approve_orders", _("Approve orders of colleagues")
    VIEW_INVOICES = "view_invoices", _("See invoices, payments and statements")
    DISPUTE = "dispute", _("Dispute invoices")
    REQUEST_RETURN = "request_return", _("Ask for returns")
    WRITE_MESSAGES = "write_messages", _("Write to us about a record")
    KEEP_PART_NUMBERS = "keep_part_numbers", _("Keep your own part numbers and lists")
    VIEW_COMPANY = "view_company", _("See the company page, its addresses and this table")
    MANAGE_USERS = "manage_users", _("Invite people, set their roles and limits, take them off")
    MANAGE_SHIP_TOS = "manage_ship_tos", _("Add and change delivery addresses")
    MANAGE_APPROVALS = "manage_approvals", _("Set when an order needs approval")
    MANAGE_KEYS = "manage_keys", _("Make and revoke API keys and webhooks")
    MANAGE_SECURITY = "manage_security", _("Require a second factor of everybody")
    VIEW_SIGN_INS = "view_sign_ins", _("See who signed in, and when we worked on your behalf")
    VIEW_EDI = "view_edi", _("See the EDI settings")


READING = frozenset({Act.VIEW_PRICES, Act.VIEW_ORDERS, Act.VIEW_INVOICES, Act.VIEW_COMPANY})
"""What changes nothing: all that staff may do who look at a dealer's portal."""

_BUYING = READING | {
    Act.PLACE_ORDERS, Act.CHANGE_ORDERS, Act.DISPUTE, Act.REQUEST_RETURN, Act.WRITE_MESSAGES, Act.KEEP_PART_NUMBERS,
}  # fmt: skip

ROLES: Mapping[str, frozenset[Act]] = MappingProxyType(
    {
        Role.ADMIN: frozenset(Act),
        Role.APPROVER: _BUYING | {Act.APPROVE_ORDERS},
        Role.BUYER: _BUYING,
        Role.ACCOUNTS: READING | {Act.DISPUTE, Act.WRITE_MESSAGES},
        Role.VIEWER: READING,
    }
)

ON_BEHALF = _BUYING - {Act.DISPUTE}
"""The most that staff may do for a dealer's person, where that person may do it. Money is claimed by the dealer only:
who works for us does not open claims against us."""
