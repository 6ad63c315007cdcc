"""Inbound 999: what a partner says about a group we sent, in the words of release 005010."""

from __future__ import annotations

from edi.documents.fa997 import AckResult, read_acknowledgment
from edi.x12.structure import TransactionSet


def read_999(tset: TransactionSet) -> AckResult:
    """The answer in one valid 999; CTX only explains what IK3 and IK4 say, and is not read.

    Raises MappingError when it names no group (AK1) or gives no verdict (AK9).
    """
    return read_acknowledgment(tset, prefix="IK")
