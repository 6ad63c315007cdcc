"""Trading partners, what came from them and what went to them."""

from edi.models.as2 import As2Message
from edi.models.certificate import Certificate
from edi.models.document import Document, DocumentOrder
from edi.models.inbound import InboundFile
from edi.models.interchange import FunctionalGroup, Interchange
from edi.models.link import MailboxLink, Sighting
from edi.models.outbound import ControlNumber, OutboundFile
from edi.models.partner import Mailbox, TradingPartner
from edi.models.saved_view import SavedView

__all__ = [
    "As2Message",
    "Certificate",
    "ControlNumber",
    "Document",
    "DocumentOrder",
    "FunctionalGroup",
    "InboundFile",
    "Interchange",
    "Mailbox",
    "MailboxLink",
    "OutboundFile",
    "SavedView",
    "Sighting",
    "TradingPartner",
]
