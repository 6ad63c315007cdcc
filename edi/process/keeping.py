"""How long the bytes of EDI files are kept. Afterwards their rows say that they were there, what they hashed to, and
when they went.
"""

from __future__ import annotations

from typing import Final

from distportal.accounts.personal import DataClass
from distportal.events.retention import Remover, Retention, also_remove, keep
from edi.process.spool_sweeping import count_stray, remove_stray
from exceptions.choices import CaseStatus
from orders.choices import DisputeStatus

SEVEN_YEARS: Final = 2557  # days


def _words(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


# The stories that somebody still works on: few, looked up once for a whole batch.
_OPEN_OF: Final = """
    SELECT correlation_id FROM exceptions_case WHERE status IN ({cases})
    UNION ALL
    SELECT v.correlation_id FROM orders_dispute p JOIN orders_invoice v ON v.id = p.invoice_id
     WHERE p.status IN ({disputes})"""
_OPEN: Final = _OPEN_OF.format(
    cases=_words(CaseStatus.OPEN), disputes=_words((*DisputeStatus.OPEN, DisputeStatus.DRAFT, DisputeStatus.REVERSING))
)
_STORIES: Final = """
    SELECT FROM edi_interchange i
      JOIN edi_functionalgroup g ON g.interchange_id = i.id JOIN edi_document d ON d.group_id = g.id
      LEFT JOIN orders_order o ON o.id = d.order_id
      LEFT JOIN orders_invoice b ON b.id = d.invoice_id
     WHERE {of} AND (d.correlation_id IN ({open}) OR o.correlation_id IN ({open}) OR b.correlation_id IN ({open}))"""


_MESSAGE: Final = """
    CASE WHEN created_at >= %(before)s THEN created_at
         WHEN state IN ('sending', 'sent') OR correlation_id IN ({open}) THEN NULL
         WHEN EXISTS (SELECT FROM edi_inboundfile f WHERE f.id = inbound_file_id AND f.erased_at IS NULL) THEN NULL
         WHEN EXISTS (SELECT FROM edi_outboundfile f WHERE f.id = outbound_file_id AND f.erased_at IS NULL) THEN NULL
         ELSE created_at END"""


def _age(clock: str, *, unfinished: str, of: str) -> str:
    """The row's moment; nothing of it while it is under way, or an open case or dispute is about what is in it."""
    return f"""CASE WHEN {clock} >= %(before)s THEN {clock}
                    WHEN {unfinished} OR correlation_id IN ({_OPEN}) THEN NULL
                    WHEN EXISTS ({_STORIES.format(of=of, open=_OPEN)}) THEN NULL
                    ELSE {clock} END"""


keep(
    Retention(
        name="edi_inbound",
        table="edi_inboundfile",
        clock="received_at",
        among="erased_at IS NULL",
        age=_age("received_at", unfinished="state IN ('stored', 'reading')", of="i.file_id = kept.id"),
        days=SEVEN_YEARS,
        wipe="content = '', erased_at = now()",
        data_class=DataClass.CONTACT,
    )
)
keep(
    Retention(
        name="edi_outbound",
        table="edi_outboundfile",
        clock="created_at",
        among="erased_at IS NULL",
        age=_age(
            "created_at",
            unfinished="sent_at IS NULL OR delivery IN ('waiting', 'sent')",
            of="i.id = kept.interchange_id",
        ),
        days=SEVEN_YEARS,
        wipe="content = '', erased_at = now()",
        data_class=DataClass.CONTACT,
    )
)
# A message goes with the file that travelled in it, and not before; its receipt stays, for it proves the exchange.
keep(
    Retention(
        name="edi_as2",
        table="edi_as2message",
        clock="created_at",
        among="erased_at IS NULL",
        age=_MESSAGE.format(open=_OPEN),
        days=SEVEN_YEARS,
        wipe="body = '', erased_at = now()",
        data_class=DataClass.CONTACT,
    )
)
also_remove(Remover(name="edi_spool", kept="as its row", count=count_stray, remove=remove_stray))
