"""What a stored inbound document means in canonical terms, by today's mapping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from distportal.canonical.base import to_json
from edi.documents.advice945 import read_945
from edi.documents.cd812 import read_812
from edi.documents.po850 import read_850
from edi.documents.poc860 import read_860
from edi.documents.ra820 import read_820
from edi.documents.receipt944 import read_944
from edi.documents.rma180 import read_180
from edi.documents.status214 import read_214
from edi.documents.stock846 import read_846
from edi.models import Document
from edi.process.order_options import order_options
from edi.process.storable import set_of
from edi.x12.errors import MappingError


@dataclass(frozen=True, slots=True)
class CanonicalView:
    """The canonical object as JSON, or None with the problems that stop it from being one."""

    content: Any
    problems: tuple[str, ...] = ()


def _order(document: Document) -> Any:
    """The order; of a PO for several ship-tos its orders by their part."""
    options = order_options(document.partner)
    orders = read_850(set_of(document), account=_account(document), options=options).orders
    return to_json(orders[0]) if len(orders) == 1 else {order.part: to_json(order) for order in orders}


def _change(document: Document) -> Any:
    options = order_options(document.partner)
    return to_json(read_860(set_of(document), account=_account(document), options=options).change)


def _remittance(document: Document) -> Any:
    found = read_820(set_of(document), account=_account(document)).remittance
    return to_json(found) if found else {}


def _debit(document: Document) -> Any:
    return to_json(read_812(set_of(document), account=_account(document)))


def _return(document: Document) -> Any:
    return to_json(read_180(set_of(document), account=_account(document)))


def _account(document: Document) -> str:
    account = document.partner.account
    return account.code if account else ""


READERS: Mapping[str, Callable[[Document], Any]] = {
    "850": _order,
    "860": _change,
    "820": _remittance,
    "812": _debit,
    "180": _return,
    "846": lambda document: to_json(read_846(set_of(document))),
    "944": lambda document: to_json(read_944(set_of(document))),
    "945": lambda document: to_json(read_945(set_of(document))),
    "214": lambda document: to_json(read_214(set_of(document), zone=timezone.get_default_timezone())),
}
"""Set -> its canonical object as JSON; raises MappingError."""


def canonical_view(document: Document) -> CanonicalView | None:
    """The document read anew, nothing is written; None for a set that becomes no canonical object."""
    reader = READERS.get(document.set_id)
    if reader is None:
        return None
    try:
        return CanonicalView(reader(document))
    except MappingError as error:
        return CanonicalView(None, tuple(str(problem) for problem in error.problems))
