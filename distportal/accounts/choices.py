"""The closed word lists of accounts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    DEALER = "dealer", "Dealer"
    RETAILER = "retailer", "Retailer"


class AccountStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    HOLD = "hold", _("On credit hold")
    CLOSED = "closed", _("Closed")


class Role(models.TextChoices):
    """What a dealer's person is at a company; what that allows stands in `permissions.ROLES`."""

    ADMIN = "admin", _("Administrator")
    APPROVER = "approver", _("Approver")
    BUYER = "buyer", _("Buyer")
    ACCOUNTS = "accounts", _("Accounts payable")
    VIEWER = "viewer", _("Viewer")


class PlaceReview(models.TextChoices):
    """Whether a ship-to that the dealer entered may be delivered to."""

    APPROVED = "approved", _("In use")
    PENDING = "pending", _("Waits for our review")
    REFUSED = "refused", _("Not accepted")


class VisitKind(models.TextChoices):
    """What our people may do in a dealer's portal."""

    LOOK = "look", _("View as")
    ORDER = "order", _("Order on behalf")


class StaffGroup(models.TextChoices):
    """Names of the staff groups (django.contrib.auth groups)."""

    AGENT = "agent", "Customer service agent"
    FINANCE = "finance", "Finance"
    OPERATOR = "operator", "Operator"


class Scope(models.TextChoices):
    """What an API key may be used for."""

    ORDERS_READ = "orders:read", _("Read orders, shipments, proofs and returns")
    ORDERS_WRITE = "orders:write", _("Place, change and cancel orders")
    NOTES_READ = "notes:read", _("Read notes of accounts")
    NOTES_WRITE = "notes:write", _("Write notes of accounts")
    CATALOGUE_READ = "catalogue:read", _("Read items, prices and availability")
    INVOICES_READ = "invoices:read", _("Read invoices, statements and disputes")
    DISPUTES_WRITE = "disputes:write", _("Dispute invoices")
    RETURNS_WRITE = "returns:write", _("Ask for returns")
    EDI_READ = "edi:read", _("Read EDI files and collect ours")
    EDI_WRITE = "edi:write", _("Upload EDI files and confirm ours")
    WEBHOOKS_ADMIN = "webhooks:admin", _("Look after webhooks")
