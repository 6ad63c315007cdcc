"""The back office of finance: orders, invoices, payments, disputes, returns, limits; and the policies of the rules."""

from orders.admin.disputes import DisputeAdmin
from orders.admin.findings import InvoiceFindingAdmin
from orders.admin.invoices import InvoiceAdmin
from orders.admin.letters import LetterTemplateAdmin
from orders.admin.limits import ApprovalLimitAdmin
from orders.admin.orders import OrderAdmin
from orders.admin.policies import RulePolicyAdmin
from orders.admin.remittances import RemittanceAdmin
from orders.admin.returns import ReturnAdmin
from orders.admin.sent_letters import SentLetterAdmin
from orders.admin.tolerances import InvoiceToleranceAdmin

__all__ = [
    "ApprovalLimitAdmin", "DisputeAdmin", "InvoiceAdmin", "InvoiceFindingAdmin", "InvoiceToleranceAdmin",
    "LetterTemplateAdmin", "OrderAdmin", "RemittanceAdmin", "ReturnAdmin", "RulePolicyAdmin", "SentLetterAdmin",
]  # fmt: skip
