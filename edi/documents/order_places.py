"""One order per ship-to: where each line of a PO goes, and how much of it (N1*ST, SDQ, QTY)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from distportal.canonical.orders import Order, OrderLine
from distportal.canonical.parts import Address
from distportal.canonical.sharing import order_per_place, share_of
from edi.documents.options import OrderOptions
from edi.documents.order_lines import LineDraft
from edi.documents.order_walk import OrderWalk
from edi.documents.parties import Party
from edi.documents.schedules import schedule_of_place

SHIP_TO = "ST"
_INSTEAD = ("BS", "BY")


def check_shares(walk: OrderWalk, draft: LineDraft, quantity_element: int, options: OrderOptions) -> None:
    """The shares of a line add up to it; if not, that is a problem or, where agreed, a note and their sum holds."""
    if not draft.shares:
        return
    wanted = walk.reader.number(draft.segment, draft.position, quantity_element, "quantity")
    if wanted is None or draft.shared == wanted:
        return
    text = f"Line {draft.line_no} is for {wanted.normalize():f}, its places come to {draft.shared.normalize():f}."
    if options.sdq_sum == "reject":
        walk.reader.problem("SDQ", draft.shares_at, 0, text)
    else:
        walk.note(text)


def header_places(walk: OrderWalk) -> list[Party]:
    """The ship-tos of the header, each once; without one the party that also receives."""
    named = [p for p in walk.parties if p.role == SHIP_TO] or [p for p in walk.parties if p.role in _INSTEAD][:1]
    return list({_name(p.address): p for p in named}.values())


def check_places(walk: OrderWalk) -> None:
    """Somebody is named who receives the goods."""
    lines_know = bool(walk.lines) and all(d.shares or d.places for d in walk.lines)
    if not header_places(walk) and not lines_know:
        at = walk.head[1] if walk.head else 1
        walk.reader.problem("N1", at, 0, "The order names no ship-to (N1*ST).")


def split_by_place(
    walk: OrderWalk, whole: Order, pairs: Sequence[tuple[LineDraft, OrderLine]], options: OrderOptions
) -> tuple[Order, ...]:
    """The orders, one per ship-to, each with its lines under the buyer's numbers; none where a place is not told.

    With one ship-to the order has no `part`, unless the partner's orders are told apart by it.
    """
    head = header_places(walk)
    known = {_name(p.address): p.address for p in [*(p for d, _ in pairs for p in d.places), *walk.parties]}
    found: dict[str, list[OrderLine]] = {}
    where: dict[str, Address] = {}
    for draft, line in pairs:
        for address, part in _parts_of(walk, draft, line, head, known, options):
            where.setdefault(_name(address), address)
            found.setdefault(_name(address), []).append(part)
    if walk.reader.problems or not found:
        return ()
    parted = len(found) > 1 or options.duplicate_key == "po_ship_to"
    return order_per_place(whole, found, where, named=parted)


def _parts_of(
    walk: OrderWalk,
    draft: LineDraft,
    line: OrderLine,
    head: list[Party],
    known: dict[str, Address],
    options: OrderOptions,
) -> list[tuple[Address, OrderLine]]:
    own = list({_name(p.address): p.address for p in draft.places if p.role == SHIP_TO}.values())
    marked = options.sdq == "mark_for" and len(head) == 1 and not own
    if draft.shares and not marked:
        return [
            (
                known.get(share.place, Address(code=share.place)),
                replace(share_of(line, share), schedule=schedule_of_place(walk, draft, share.place, share.quantity)),
            )
            for share in draft.distribution
        ]
    places = own or [p.address for p in head]
    if len(places) == 1:
        return [(places[0], line)]
    if not places:
        return []
    places_text = ", ".join(_name(place) for place in places[:4])
    sentence = f"Line {line.line_no} does not say how much of it goes to which ship-to ({places_text})."
    walk.reader.problem(draft.segment.id, draft.position, 0, sentence)
    return []


def _name(address: Address) -> str:
    return address.code or address.name
