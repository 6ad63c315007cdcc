"""One damage for each way in which an invariant can break: SQL that makes it, and the word the checker has to say."""

from __future__ import annotations

from typing import NamedTuple


class Damage(NamedTuple):
    """`invariant` is broken by `sql`, and the row that shows it says `problem`."""

    invariant: str
    problem: str
    sql: str


DAMAGES = (
    Damage("I1", "no order and no case", "UPDATE orders_order SET po_number = 'X' WHERE po_number = 'GOOD'"),
    Damage("I1", "never read", "UPDATE edi_inboundfile SET state = 'stored'"),
    Damage("I1", "became no order", "UPDATE edi_document SET order_id = NULL WHERE state = 'placed'"),
    Damage("I1", "became no order", "UPDATE edi_document SET state = 'valid' WHERE state = 'placed'"),
    Damage("I1", "nobody will ever send",
           "UPDATE orders_order SET status = 'accepted'; UPDATE events_job SET key = 'x';"
           " UPDATE orders_erpcommand SET order_id = NULL"),
    Damage("I1", "never decided", "UPDATE orders_order SET status = 'received'"),
    Damage("I2", "has no such order", "UPDATE orders_erpcommand SET order_key = 'NL-0'"),
    Damage("I2", "never asked for it", "UPDATE orders_erpcommand SET order_key = 'NL-0'"),
    Damage("I2", "the ERP holds it as", "UPDATE orders_erpcommand SET erp_number = '1'"),
    Damage("I2", "the portal holds it for unknown", "UPDATE orders_erpcommand SET state = 'unknown'"),
    Damage("I3", "0 acknowledgments", "UPDATE edi_document SET business_key = '' WHERE set_id = '997'"),
    Damage("I3", "2 acknowledgments",
           "UPDATE edi_document d SET business_key = n.business_key FROM edi_document n"
           " WHERE d.set_id = '855' AND n.set_id = '997'"),
    Damage("I3", "not told by a TA1", "UPDATE edi_document SET business_key = '' WHERE set_id = 'TA1'"),
    Damage("I3", "bytes that we never made", "UPDATE edi_outboundfile SET sha256 = repeat('0', 64)"),
    Damage("I3", "never left", "UPDATE edi_outboundfile SET sent_at = NULL"),
    Damage("I4", "dead, with 0 open", "DELETE FROM exceptions_case WHERE kind = 'dead.job'"),
    Damage("I4", "dead, with 2 open", "UPDATE exceptions_case h SET subject_type = 'job', subject_id = d.subject_id"
           " FROM exceptions_case d WHERE h.kind LIKE 'order.%' AND d.kind = 'dead.job'"),
    Damage("I4", "that did not die", "UPDATE events_job SET state = 'done' WHERE state = 'dead'"),
    Damage("I4", "dead, with 0 open", "UPDATE events_outboxdelivery SET state = 'dead'"),
    Damage("I4", "held, with 0 open", "DELETE FROM exceptions_case WHERE kind LIKE 'order.%'"),
    Damage("I4", "refused by the ERP, with 0", "UPDATE orders_erpcommand SET state = 'rejected'"),
    Damage("I4", "failed, with 0", "UPDATE edi_document SET state = 'failed', order_id = NULL WHERE state = 'placed'"),
    Damage("I4", "refused, with 0", "UPDATE edi_functionalgroup SET verdict = 'R'"),
    Damage("I4", "refused, with 0", "DELETE FROM exceptions_case WHERE subject_type = 'edi_interchange'"),
    Damage("I5", "was delivered before",
           "UPDATE events_outboxdelivery SET delivered_at = now() - interval '1 day' * seq"),
    Damage("I5", "before it is pending", "UPDATE events_outboxdelivery SET state = 'pending' WHERE seq = 1"),
    Damage("I5", "events", "DELETE FROM events_outboxevent WHERE seq = 2"),
    Damage("I5", "events", "UPDATE events_stream SET last_seq = last_seq + 1"),
    Damage("I5", "does not know that it had it", "DELETE FROM events_consumedevent"),
    Damage("I5", "files", "UPDATE edi_outboundfile SET sequence = sequence + 7 WHERE name LIKE '%855%'"),
    Damage("I6", "its stored bytes", "UPDATE edi_inboundfile SET content = '\\x00'"),
    Damage("I6", "its spooled bytes", "UPDATE edi_inboundfile SET spooled = true, content = ''"),
    Damage("I6", "its bytes to send", "UPDATE edi_outboundfile SET content = '\\x00'"),
    Damage("I6", "its bytes are nowhere", "UPDATE edi_inboundfile SET sha256 = repeat('0', 64)"),
    Damage("I7", "due since", "UPDATE events_job SET state = 'ready', lease_until = NULL,"
           " next_at = now() - interval '3 minutes' WHERE state = 'dead'"),
    Damage("I7", "due since",
           "UPDATE events_outboxdelivery SET state = 'pending', next_at = now() - interval '3 minutes'"),
    Damage("I7", "without a job", "UPDATE orders_erpcommand SET state = 'sending'; DELETE FROM events_job"),
    Damage("I8", "its history ends with nothing", "DELETE FROM orders_orderevent"),
    Damage("I8", "its history ends with confirmed",
           "UPDATE orders_order SET status = 'shipped' WHERE status = 'confirmed'"),
    Damage("I8", "leaps from pending to confirmed", "DELETE FROM orders_erpcommandevent WHERE state = 'sending'"),
    Damage("I8", "that it was opened", "DELETE FROM exceptions_caseentry"),
    Damage("I8", "how it was resolved", "UPDATE exceptions_case SET status = 'resolved', resolution = 'by_hand'"),
)  # fmt: skip
