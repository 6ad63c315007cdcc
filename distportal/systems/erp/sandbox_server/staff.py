"""The page on which the ERP's own people work: orders, stock of buttons, the active fault plan."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import parse_qs

from . import credits, fulfilment, orders, prices, stock
from .errors import Problem
from .exchange import Reply, Server
from .staff_html import CSS, login_page, orders_page
from .store import Row, Tx

SECURITY = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
)
HTML = "text/html; charset=utf-8"
SHOWN = 60


def answer(server: Server, method: str, path: str, raw: bytes, cookie: str) -> Reply:
    """The reply to any browser request. A button needs the cookie that signing in with the token gives;
    it is SameSite=Strict, so no other site can press one."""
    if path == "/staff.css":
        return Reply(200, CSS.encode(), "text/css; charset=utf-8", SECURITY)
    form = {name: values[0].strip() for name, values in parse_qs(raw.decode("utf-8", "replace")).items()}
    if path == "/staff/login" and method == "POST":
        return _login(server, form)
    if not hmac.compare_digest(_cookie_in(cookie), _key(server)):
        return _page(login_page(""))
    if method == "POST":
        try:
            message = _press(server, path.removeprefix("/staff/"), form)
        except Problem as problem:
            return _page(_orders(server, f"Not done: {problem.detail}"), 409)
        return _page(_orders(server, message))
    return _page(_orders(server, ""))


def _login(server: Server, form: dict[str, str]) -> Reply:
    if not hmac.compare_digest(form.get("token", "").encode(), server.token.encode()):
        return _page(login_page("That is not the token this ERP was started with."), 401)
    cookie = ("Set-Cookie", f"erp_staff={_key(server)}; Path=/staff; HttpOnly; SameSite=Strict")
    return Reply(303, b"", HTML, (*SECURITY, ("Location", "/staff"), cookie))


def _press(server: Server, button: str, form: dict[str, str]) -> str:
    """Do what the button says; a sentence about what was done."""
    actions: dict[str, Callable[[Tx], str]] = {
        "ship": lambda tx: f"Shipped: {', '.join(fulfilment.ship(tx, form['order']))}",
        "short-ship": lambda tx: _short_ship(tx, form),
        "invoice": lambda tx: f"Invoiced: {', '.join(fulfilment.invoice(tx, form['order']))}",
        "cancel": lambda tx: f"Cancelled: {orders.cancel(tx, form['order'], 'by ERP staff')['number']}",
        "reprice": lambda tx: _repriced(prices.reprice(tx, form["item"], form["price"], form.get("customer", ""))),
        "receive": lambda tx: _receive(tx, form),
        "approve-credit": lambda tx: f"Credit memo {credits.approve(tx, form['order'])['number']} posted",
        "refuse-credit": lambda tx: f"Refused {credits.refuse(tx, form['order'], 'refused by ERP staff')['order']}",
    }
    try:
        with server.store.write() as tx:
            return actions[button](tx)
    except (KeyError, ValueError) as error:
        raise Problem(422, "form", f"the form is incomplete ({error})") from error


def _short_ship(tx: Tx, form: dict[str, str]) -> str:
    made = fulfilment.ship(tx, form["order"], {form["line"]: max(int(form["quantity"]), 0)})
    return f"Shipped short: {', '.join(made) or 'nothing left the plant'}"


def _receive(tx: Tx, form: dict[str, str]) -> str:
    matnr = prices.item_by(tx, form["item"])["matnr"]
    row = stock.receive(tx, matnr, form["plant"], int(form["quantity"]))
    fulfilment.reallocate(tx, matnr, form["plant"])
    return f"{matnr} in {form['plant']}: {row['on_hand']} on hand"


def _repriced(made: Row) -> str:
    return f"{made['catalogue_no']} now costs {made['price']} ({made['customer'] or 'list'})"


def _orders(server: Server, message: str) -> str:
    with server.store.read() as tx:
        rows = [orders.order_view(tx, o) for o in tx.rows("SELECT * FROM orders ORDER BY id DESC LIMIT ?", SHOWN)]
    return orders_page(rows, server.faults.view(), server.config.now, message)


def _page(body: str, status: int = 200) -> Reply:
    return Reply(status, body.encode(), HTML, SECURITY)


def _key(server: Server) -> str:
    return hmac.new(server.token.encode(), b"staff", hashlib.sha256).hexdigest()


def _cookie_in(header: str) -> str:
    parts = (part.strip().partition("=") for part in header.split(";"))
    return next((value for name, _, value in parts if name == "erp_staff"), "")
