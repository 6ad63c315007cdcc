"""Orders and what follows them."""

from orders.models.approval import ApprovalAbsence, ApprovalEntry, ApprovalRequest, ApprovalRule
from orders.models.approval_limit import ApprovalLimit
from orders.models.change import ChangeRequest
from orders.models.choice import FieldChoice
from orders.models.command import ErpCommand
from orders.models.delivery import CarrierMessage, ProofImage, ProofOfDelivery
from orders.models.dispute import Dispute, DisputeEntry, DisputeLine
from orders.models.dispute_papers import DisputeEvidence, DisputeLetter, LetterTemplate, SavedFilter
from orders.models.draft import Draft, DraftLine, DraftShare
from orders.models.export import Export
from orders.models.finding import OrderFinding, RulePolicy
from orders.models.intake import Intake
from orders.models.invoice import Invoice, InvoiceLine
from orders.models.invoice_finding import InvoiceFinding
from orders.models.lists import ListLine, ShoppingList
from orders.models.note import AccountNote
from orders.models.order import Order, OrderLine, OrderVersion
from orders.models.purchase import Purchase
from orders.models.quick import QuickRow
from orders.models.release import WarehouseEvent, WarehouseRelease
from orders.models.remittance import Remittance, RemittanceLine
from orders.models.return_ import Return, ReturnLine
from orders.models.return_parts import ReturnCredit, ReturnPhoto
from orders.models.shipment import Shipment, ShipmentLine
from orders.models.tolerance import InvoiceTolerance
from orders.models.tracking import TrackingEvent
from orders.models.warehouse import WarehouseAdvice

__all__ = [
    "AccountNote",
    "ApprovalAbsence",
    "ApprovalEntry",
    "ApprovalLimit",
    "ApprovalRequest",
    "ApprovalRule",
    "CarrierMessage",
    "ChangeRequest",
    "Dispute",
    "DisputeEntry",
    "DisputeEvidence",
    "DisputeLetter",
    "DisputeLine",
    "Draft",
    "DraftLine",
    "DraftShare",
    "ErpCommand",
    "Export",
    "FieldChoice",
    "Intake",
    "Invoice",
    "InvoiceFinding",
    "InvoiceLine",
    "InvoiceTolerance",
    "LetterTemplate",
    "ListLine",
    "Order",
    "OrderFinding",
    "OrderLine",
    "OrderVersion",
    "ProofImage",
    "ProofOfDelivery",
    "Purchase",
    "QuickRow",
    "Remittance",
    "RemittanceLine",
    "Return",
    "ReturnCredit",
    "ReturnLine",
    "ReturnPhoto",
    "RulePolicy",
    "SavedFilter",
    "Shipment",
    "ShipmentLine",
    "ShoppingList",
    "TrackingEvent",
    "WarehouseAdvice",
    "WarehouseEvent",
    "WarehouseRelease",
]
