"""Trading partners, what came from them and what went to them."""

from edi.models.agreement import Agreement, CrossReference
from edi.models.deadline import DeadlineRule, DueDocument
from edi.models.document import Document
from edi.models.inbound import InboundFile
from edi.models.interchange import FunctionalGroup, Interchange
from edi.models.onboarding import Onboarding, SampleFile, StageChange, TestExchange
from edi.models.outbound import ControlNumber, OutboundFile
from edi.models.partner import Mailbox, TradingPartner
from edi.models.saved_view import SavedView

__all__ = [
    "Agreement",
    "ControlNumber",
    "CrossReference",
    "DeadlineRule",
    "Document",
    "DueDocument",
    "FunctionalGroup",
    "InboundFile",
    "Interchange",
    "Mailbox",
    "Onboarding",
    "OutboundFile",
    "SampleFile",
    "SavedView",
    "StageChange",
    "TestExchange",
    "TradingPartner",
]
