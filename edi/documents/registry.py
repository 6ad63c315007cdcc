"""The one table of documents: which set, in which group, read or written by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from edi.x12.catalog import FUNCTIONAL_IDS


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of document; `reader` and `writer` are dotted functions, "" where we have none."""

    set_id: str
    functional_id: str
    direction: Literal["in", "out", "both"]
    title: str
    reader: str = ""
    writer: str = ""


DOCUMENTS: dict[str, DocumentKind] = {
    "850": DocumentKind("850", "PO", "in", "Purchase order", reader="edi.documents.po850.read_850"),
    "855": DocumentKind("855", "PR", "out", "Order acknowledgment", writer="edi.documents.ack855.write_855"),
    "860": DocumentKind("860", "PC", "in", "Order change", reader="edi.documents.poc860.read_860"),
    "865": DocumentKind("865", "CA", "out", "Answer to an order change", writer="edi.documents.poa865.write_865"),
    "856": DocumentKind("856", "SH", "out", "Ship notice", writer="edi.documents.asn856.write_856"),
    "810": DocumentKind("810", "IN", "out", "Invoice", writer="edi.documents.inv810.write_810"),
    "820": DocumentKind("820", "RA", "in", "Remittance advice", reader="edi.documents.ra820.read_820"),
    "812": DocumentKind(
        "812",
        "CD",
        "both",
        "Credit or debit adjustment",
        reader="edi.documents.cd812.read_812",
        writer="edi.documents.cd812.write_812",
    ),
    "180": DocumentKind(
        "180",
        "AN",
        "both",
        "Return authorization",
        reader="edi.documents.rma180.read_180",
        writer="edi.documents.rma180.write_180",
    ),
    "824": DocumentKind(
        "824",
        "AG",
        "both",
        "Application advice",
        reader="edi.documents.aa824.read_824",
        writer="edi.documents.aa824.write_824",
    ),
    "846": DocumentKind(
        "846",
        "IB",
        "both",
        "Inventory inquiry or advice",
        reader="edi.documents.stock846.read_846",
        writer="edi.documents.stock846.write_846",
    ),
    "832": DocumentKind("832", "SC", "out", "Price catalogue", writer="edi.documents.catalogue832.write_832"),
    "940": DocumentKind("940", "OW", "out", "Warehouse shipping order", writer="edi.documents.order940.write_940"),
    "945": DocumentKind("945", "SW", "in", "Warehouse shipping advice", reader="edi.documents.advice945.read_945"),
    "943": DocumentKind("943", "AR", "out", "Stock transfer", writer="edi.documents.transfer943.write_943"),
    "944": DocumentKind("944", "RE", "in", "Stock transfer receipt", reader="edi.documents.receipt944.read_944"),
    "214": DocumentKind("214", "QM", "in", "Carrier status", reader="edi.documents.status214.read_214"),
    "997": DocumentKind(
        "997",
        "FA",
        "both",
        "Functional acknowledgment",
        reader="edi.documents.fa997.read_997",
        writer="edi.x12.acks.render_997",
    ),
    "999": DocumentKind(
        "999",
        "FA",
        "both",
        "Implementation acknowledgment",
        reader="edi.documents.ia999.read_999",
        writer="edi.x12.acks.render_999",
    ),
}


def title_of(set_id: str) -> str:
    """What the set is called on a page."""
    known = DOCUMENTS.get(set_id)
    return known.title if known else {"TA1": "Interchange acknowledgment"}.get(set_id, "Document")


def functional_id_of(set_id: str) -> str:
    """GS01 of the group a set travels in. Raises KeyError for a set we do not know."""
    return FUNCTIONAL_IDS[set_id]
