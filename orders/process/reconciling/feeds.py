"""The part of a feed that changed since the last comparison, page by page."""

from __future__ import annotations

from collections.abc import Iterator

from distportal.systems.erp.port import Change, ErpPort, FeedKind
from inventory.process.reconciling import Tally

LIMIT = 500
PREFIX = "NL-"
"""Every reference of ours in the ERP begins so; others are orders that the portal knows nothing of."""


def changed_since(port: ErpPort, kind: FeedKind, tally: Tally) -> Iterator[Change]:
    """The newest form of each record that carries a reference of ours; the tally's cursor follows. May raise Transient.

    The cursor is the comparison's own: what the everyday reading missed is just what is looked for.
    """
    newest: dict[str, Change] = {}
    while True:
        page = port.changes(kind, tally.cursor or None, LIMIT)
        for change in page.changes:
            if str(change.payload.get("order_key", "")).startswith(PREFIX):
                newest[change.erp_id] = change
        tally.cursor = page.next_cursor
        if not page.more:
            yield from newest.values()
            return
