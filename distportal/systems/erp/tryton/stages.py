"""What a sale of Tryton's says of itself: its stage, its words for it, and which content of ours it holds."""

from __future__ import annotations

from distportal.systems.erp.marks import hash_in
from distportal.systems.erp.port import Stage
from distportal.systems.erp.tryton.http import Record

AMENDED = ("amendments.description", "amendments.state", "lines.product.type", "lines.moves")
UNFINISHED = {"draft": "quote", "quotation": "confirm", "confirmed": "process"}
BILLED = frozenset({"awaiting payment", "partially paid", "paid"})


def our_stage(sale: Record) -> Stage:
    """The port's stage of a sale. "confirmed" is unfinished: a crash of Tryton may have lost the queued processing."""
    state = str(sale["state"])
    if state == "cancelled":
        return "cancelled"
    if state in UNFINISHED:
        return "draft"
    if _is_emptied(sale):
        return "cancelled"
    shipped = sale["shipment_state"]
    if sale["invoice_state"] in BILLED and shipped in ("sent", "none"):
        return "closed"
    return "in_fulfilment" if shipped in ("partially shipped", "sent") else "accepted"


def raw_state(sale: Record) -> str:
    """Tryton's own words, all three of them once the sale is in process."""
    if sale["state"] in ("processing", "done"):
        return f"{sale['state']} / {sale['shipment_state']} / {sale['invoice_state']}"
    return str(sale["state"])


def hash_of(sale: Record) -> str:
    """The content hash of a sale: that of the last amendment of ours that was done, else the comment's. One that was
    validated and whose goods Tryton has not planned yet, because it died in between, is not done.
    """
    done = [a for a in sale.get("amendments", ()) if a["state"] == "validated" and hash_in(a["description"])]
    marks = [hash_in(a["description"]) for a in sorted(done, key=lambda a: int(a["id"]))]
    if marks and not _planned(sale):
        marks.pop()
    return marks[-1] if marks else hash_in(sale["comment"])


def _is_emptied(sale: Record) -> bool:
    """Whether all of a sale in process was taken back before anything left or was billed."""
    untouched = sale["shipment_state"] == "none" and sale["invoice_state"] == "none"
    lines = [line for line in sale["lines"] if line["type"] == "line"]
    return untouched and bool(lines) and not any(line["quantity"] for line in lines)


def _planned(sale: Record) -> bool:
    goods = (i for i in sale["lines"] if i["type"] == "line" and i["product"] and i["product"]["type"] != "service")
    return all(line["moves"] for line in goods if line["quantity"])
