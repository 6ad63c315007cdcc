"""Read what the ERP holds of one kind, narrowed to what is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from distportal.systems.erp.port import Change, ErpPort, SnapshotKind


def read_scoped(port: ErpPort, kind: SnapshotKind, scope: Mapping[str, str]) -> list[Change]:
    """All of it; a page that is not full is the last one and costs no further call. No transaction may be open."""
    found: list[Change] = []
    for page in port.snapshot(kind, scope):
        found += page
        if len(page) < port.capabilities().page_size:
            break
    return found
