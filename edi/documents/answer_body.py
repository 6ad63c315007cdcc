"""What 855 and 865 say alike: the head after its first segment, and what becomes of a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from distportal.canonical.parts import Address, Reference
from edi.documents.ack_lines import AckStatus, ack_segments, reason_segments
from edi.documents.parties import party_segments
from edi.documents.references import echoed_segments
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHead:
    """What an answer repeats of its order; `order_number` is ours, `reason` what is said of the whole."""

    order_number: str = ""
    currency: str = "USD"
    references: tuple[Reference, ...] = ()
    vendor_code: str = ""
    ship_to_code: str = ""
    reason: str = ""


def head_segments(head: AnswerHead, release: str) -> list[Elements]:
    """CUR to N1*ST."""
    rows: list[Elements] = [["CUR", "SE", head.currency]]
    rows += echoed_segments(head.vendor_code, head.references)
    rows += reason_segments([head.reason], release)
    return rows + party_segments("ST", Address(code=head.ship_to_code))


def status_segments(line_no: str, statuses: Sequence[AckStatus], release: str) -> list[Elements]:
    """One ACK per part of the line, then the reasons. Raises WriteError for a line without a status."""
    if not statuses:
        raise WriteError(f"Line {line_no} has no status, so it cannot be answered.")
    return ack_segments(statuses) + reason_segments((s.reason for s in statuses), release)
