"""Trading partners, what came from them and what went to them."""

from edi.models.advised import AdvisedStock
from edi.models.document import Document
from edi.models.inbound import InboundFile
from edi.models.interchange import FunctionalGroup, Interchange
from edi.models.outbound import ControlNumber, OutboundFile
from edi.models.packing import LogisticUnit
from edi.models.partner import Mailbox, TradingPartner
from edi.models.saved_view import SavedView
from edi.models.warehouse import StockTransfer, TransferReceipt, WarehouseLink, WarehouseOrder

__all__ = [
    "AdvisedStock",
    "ControlNumber",
    "Document",
    "FunctionalGroup",
    "InboundFile",
    "Interchange",
    "LogisticUnit",
    "Mailbox",
    "OutboundFile",
    "SavedView",
    "StockTransfer",
    "TradingPartner",
    "TransferReceipt",
    "WarehouseLink",
    "WarehouseOrder",
]
