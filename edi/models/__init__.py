"""Trading partners, what came from them and what went to them."""

from edi.models.advised import AdvisedStock
from edi.models.agreement import Agreement
from edi.models.as2 import As2Message
from edi.models.certificate import Certificate
from edi.models.deadline import DeadlineRule, DueDocument
from edi.models.departure import DepartedShipment, Departure
from edi.models.document import Document, DocumentOrder
from edi.models.inbound import InboundFile
from edi.models.interchange import FunctionalGroup, Interchange
from edi.models.link import MailboxLink, Sighting
from edi.models.onboarding import Onboarding, SampleFile, StageChange, TestExchange
from edi.models.outbound import ControlNumber, OutboundFile
from edi.models.packing import LogisticUnit, SharedUnit
from edi.models.partner import Mailbox, TradingPartner
from edi.models.saved_view import SavedView
from edi.models.warehouse import StockTransfer, TransferReceipt, WarehouseLink, WarehouseOrder

__all__ = [
    "AdvisedStock",
    "Agreement",
    "As2Message",
    "Certificate",
    "ControlNumber",
    "DeadlineRule",
    "DepartedShipment",
    "Departure",
    "Document",
    "DocumentOrder",
    "DueDocument",
    "FunctionalGroup",
    "InboundFile",
    "Interchange",
    "LogisticUnit",
    "Mailbox",
    "MailboxLink",
    "Onboarding",
    "OutboundFile",
    "SampleFile",
    "SavedView",
    "SharedUnit",
    "Sighting",
    "StageChange",
    "StockTransfer",
    "TestExchange",
    "TradingPartner",
    "TransferReceipt",
    "WarehouseLink",
    "WarehouseOrder",
]
