"""The back office of finance: disputes, their evidence, and who may approve how much."""

from orders.admin.disputes import DisputeAdmin
from orders.admin.invoices import InvoiceAdmin
from orders.admin.limits import ApprovalLimitAdmin

__all__ = ["ApprovalLimitAdmin", "DisputeAdmin", "InvoiceAdmin"]
