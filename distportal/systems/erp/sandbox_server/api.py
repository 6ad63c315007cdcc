"""The REST API: which path does what. Every handler gets the request and returns a status and a JSON body."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import changing, control, credits, documents, feeds, fulfilment, orders, prices, stock
from .crm import CRM
from .errors import Invalid, NotFound
from .exchange import Reply, Request
from .logistics import LOGISTICS
from .store import Row
from .views import customer_view, item_view

VERSION = "sandbox-erp 1.0"


Handler = Callable[[Request], Reply]


def health(r: Request) -> Reply:
    """Version and the ERP's own time."""
    return Reply(200, {"version": VERSION, "time": r.server.store.now().isoformat()})


def list_items(r: Request) -> Reply:
    """Items by catalogue number (several with commas) or a page of all."""
    with r.server.store.read() as tx:
        wanted = [w for w in r.query.get("catalogue_no", "").split(",") if w]
        marks = ",".join("?" * len(wanted))
        rows = tx.rows(f"SELECT matnr FROM item WHERE catalogue_no IN ({marks})", *wanted)
        return Reply(200, {"items": [item_view(tx, row["matnr"]) for row in rows]})


def list_customers(r: Request) -> Reply:
    """Customers by the portal's code, or all."""
    with r.server.store.read() as tx:
        code = r.query.get("portal_code", "")
        rows = tx.rows("SELECT code FROM customer WHERE ? IN ('', portal_code) ORDER BY code", code)
        return Reply(200, {"customers": [customer_view(tx, row["code"]) for row in rows]})


def find_orders(r: Request) -> Reply:
    """Every order with a reference."""
    if not r.query.get("reference"):
        raise Invalid("order_invalid", "a reference is needed")
    with r.server.store.read() as tx:
        return Reply(200, {"orders": orders.find(tx, r.query["reference"])})


def create_order(r: Request) -> Reply:
    """A new draft."""
    with r.server.store.write(r.started) as tx:
        return Reply(201, orders.create(tx, r.body, unique_reference=r.server.config.now.unique_reference))


def read_order(r: Request) -> Reply:
    """One order."""
    with r.server.store.read() as tx:
        return Reply(200, orders.order_view(tx, orders.order_row(tx, r.parts[0])))


def step_order(r: Request) -> Reply:
    """One step of an order: confirm, process, change, cancel, and what only staff does."""
    key, step = r.parts
    with r.server.store.write(r.started) as tx:
        if step in ("ship", "invoice"):
            if step == "ship":
                made = fulfilment.ship(tx, key, _short(r.body))
            else:
                made = fulfilment.invoice(tx, key, r.server.config.now.overbilled)
            return Reply(200, {"made": made, "order": orders.order_view(tx, orders.order_row(tx, key))})
        steps: dict[str, Callable[[], Row]] = {
            "confirm": lambda: orders.confirm(tx, key),
            "process": lambda: orders.process(tx, key),
            "cancel": lambda: orders.cancel(tx, key, str(r.body.get("reason", ""))),
            "change": lambda: changing.change(tx, key, r.body),
            "approve-credit": lambda: credits.approve(tx, key),
            "refuse-credit": lambda: credits.refuse(tx, key, str(r.body.get("reason", "refused"))),
        }
        return Reply(200, steps[step]())


def quote(r: Request) -> Reply:
    """Prices."""
    with r.server.store.read() as tx:
        return Reply(200, prices.quote(tx, r.body))


def changes(r: Request) -> Reply:
    """A page of a change feed."""
    q = r.query
    with r.server.store.read() as tx:
        page = feeds.changes(
            tx, r.parts[0], q.get("cursor", ""), _number(q, "overlap", 0), int(_number(q, "limit", 500))
        )
        return Reply(200, page)


def snapshot(r: Request) -> Reply:
    """A page of a snapshot."""
    with r.server.store.read() as tx:
        limit = int(_number(r.query, "limit", 500))
        return Reply(200, feeds.snapshot(tx, r.parts[0], r.query.get("after", ""), limit, r.query))


def document(r: Request) -> Reply:
    """A PDF."""
    kind, number = r.parts
    with r.server.store.read() as tx:
        made = documents.invoice_pdf(tx, number) if kind == "invoice_pdf" else documents.packing_slip(tx, number)
        return Reply(200, made, "application/pdf")


def change_stock(r: Request) -> Reply:
    """A receipt (`quantity`) or a count (`on_hand`) of an item in a plant."""
    with r.server.store.write(r.started) as tx:
        matnr = prices.item_by(tx, str(r.body.get("item")))["matnr"]
        plant = str(r.body.get("plant"))
        if "on_hand" in r.body:
            return Reply(200, stock.adjust(tx, matnr, plant, int(r.body["on_hand"])))
        row = stock.receive(tx, matnr, plant, int(r.body.get("quantity", 0)))
        fulfilment.reallocate(tx, matnr, plant)
        return Reply(200, row)


def change_price(r: Request) -> Reply:
    """A new list or contract price."""
    with r.server.store.write(r.started) as tx:
        item, price = str(r.body.get("item")), str(r.body.get("price"))
        return Reply(200, prices.reprice(tx, item, price, str(r.body.get("customer", ""))))


STEPS = "confirm|process|cancel|change|ship|invoice|approve-credit|refuse-credit"
ROUTES: tuple[tuple[str, re.Pattern[str], Handler], ...] = tuple(
    (method, re.compile(f"^{path}$"), handler)
    for method, path, handler in (
        ("GET", "/health", health),
        ("GET", "/items", list_items),
        ("GET", "/customers", list_customers),
        ("GET", "/orders", find_orders),
        ("POST", "/orders", create_order),
        ("GET", r"/orders/([\w-]+)", read_order),
        (
            "POST",
            r"/orders/([\w-]+)/(confirm|process|cancel|change|ship|invoice|approve-credit|refuse-credit)",
            step_order,
        ),
        ("POST", "/prices/quote", quote),
        ("GET", r"/changes/(\w+)", changes),
        ("GET", r"/snapshots/(\w+)", snapshot),
        ("GET", r"/documents/(invoice_pdf|packing_slip)/(\w+)", document),
        ("POST", "/stock", change_stock),
        ("POST", "/prices", change_price),
        ("GET", "/control/(faults|ledger|orders|config)", control.show),
        ("POST", "/control/(faults|config)", control.change),
        *LOGISTICS,
        *CRM,
    )
)


def dispatch(r: Request) -> Reply:
    """The handler's reply. Raises Problem."""
    for method, path, handler in ROUTES:
        if method == r.method and (match := path.match(r.path)):
            r.parts = match.groups()
            return handler(r)
    raise NotFound(f"{r.method} {r.path}")


def _short(body: Row) -> dict[str, int] | None:
    short = body.get("short") or {}
    try:
        return {str(line): max(int(quantity), 0) for line, quantity in short.items()} or None
    except (AttributeError, ValueError, TypeError):
        raise Invalid("quantity_invalid", "short is a map of line to quantity") from None


def _number(query: dict[str, str], name: str, default: float) -> float:
    try:
        return float(query.get(name, default))
    except ValueError:
        raise Invalid("order_invalid", f"{name} is a number") from None
