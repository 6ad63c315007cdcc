"""`manage.py reconcile`: lay portal and ERP next to each other now, as every night."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from distportal.events.errors import RetryLater
from distportal.systems.errors import Misconfigured
from distportal.systems.ownership import DEFAULT
from inventory.process.customer_reconciling import reconcile_customers
from inventory.process.item_reconciling import reconcile_items
from inventory.process.price_reconciling import reconcile_prices
from inventory.process.stock_reconciling import reconcile_stock
from inventory.queries.reconciliations import last_comparison
from orders.process.reconciling.documents import reconcile_invoices, reconcile_shipments
from orders.process.reconciling.orders import reconcile_orders

KINDS: dict[str, Callable[..., None]] = {
    "order": reconcile_orders,
    "shipment": reconcile_shipments,
    "invoice": reconcile_invoices,
    "stock": reconcile_stock,
    "price": reconcile_prices,
    "item": reconcile_items,
    "customer": reconcile_customers,
}


class Command(BaseCommand):
    """Says for each kind how much was compared and what differs; the differences are open cases."""

    help = "Compare the portal with the ERP now; each difference has one open case."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kinds", nargs="*", metavar="kind", help=f"{', '.join(KINDS)}; all unless named")
        parser.add_argument("--of", default=DEFAULT, help="the connection (default: %(default)s)")

    def handle(self, *args: Any, kinds: list[str], of: str, **options: Any) -> None:
        if strange := sorted(set(kinds) - KINDS.keys()):
            raise CommandError(f"there is no kind {strange[0]}: {', '.join(KINDS)}. Nothing was compared.")
        for kind in kinds or KINDS:
            self.stdout.write(f"{kind:10} {_compared(kind, of)}")


def _compared(kind: str, of: str) -> str:
    before = last_comparison(kind, of=of)
    try:
        KINDS[kind](of=of)
    except RetryLater as error:
        raise CommandError(f"{kind}: {error}. What was compared before this is kept; run it again.") from error
    except Misconfigured as error:
        raise CommandError(f"{error.message}. Nothing was compared.") from error
    done = last_comparison(kind, of=of)
    if done is None or done == before:
        return "not compared: the connection rests, tells nothing of the kind, or was never read"
    codes = ", ".join(f"{number} {code}" for code, number in sorted(done.differences.items()))
    return f"{done.checked:9} compared  {codes or 'alike'}"
