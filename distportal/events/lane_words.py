"""What the lanes of background work are called where people read."""

from __future__ import annotations

_WORDS = {
    "edi_in": "EDI that comes in", "orders": "orders", "erp_write": "writing to the ERP",
    "erp_read": "reading from the ERP", "edi_out": "EDI that goes out", "edi_net": "mailboxes of partners",
    "logistics": "warehouses and carriers", "webhooks": "webhooks", "mail": "e-mails",
    "bulk": "work that may take long", "relay": "passing news on",
}  # fmt: skip


def lane_word(lane: str) -> str:
    """`writing to the ERP`; a lane without a word keeps its name."""
    return _WORDS.get(lane, lane)
