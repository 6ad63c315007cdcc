"""Read the ERP's full truth of one kind in pieces that are worth a merge."""

from __future__ import annotations

from collections.abc import Iterator

from distportal.systems.erp.port import Change, ErpPort, SnapshotKind

PIECE = 20_000


def snapshot_pieces(port: ErpPort, kind: SnapshotKind) -> Iterator[list[Change]]:
    """Pages of the snapshot put together; no transaction may be open. Raises Transient while the ERP is away."""
    piece: list[Change] = []
    for page in port.snapshot(kind, {}):
        piece += page
        if len(piece) >= PIECE:
            yield piece
            piece = []
    if piece:
        yield piece
