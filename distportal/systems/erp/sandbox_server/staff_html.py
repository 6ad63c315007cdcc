"""The staff page as HTML and CSS: no script, no inline style."""

from __future__ import annotations

from dataclasses import asdict
from html import escape
from typing import Any

from .config import Config
from .store import Row

CSS = """
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b2430;--soft:#5b6675;--line:#d9dee6;--act:#0b5cad;
--warn:#8a4b00;--warn-bg:#fff3dd}
@media (prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1b2129;--ink:#e6ebf2;--soft:#9aa7b7;--line:#313a46;
--act:#7db7ff;--warn:#ffc876;--warn-bg:#3a2a10}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
header{padding:1rem 1.5rem;border-bottom:1px solid var(--line);background:var(--card);display:flex;gap:1rem;
align-items:baseline;flex-wrap:wrap}h1{font-size:1.15rem;margin:0}h2{font-size:1rem;margin:1.5rem 0 .5rem}
main{max-width:1180px;margin:0 auto;padding:1rem 1.5rem}small,.soft{color:var(--soft)}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1rem;margin-bottom:1rem}
.note,.fault{border-radius:8px;padding:.6rem 1rem;margin-bottom:1rem;border:1px solid var(--line);
background:var(--card)}.fault{background:var(--warn-bg);color:var(--warn)}table{width:100%;border-collapse:collapse}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.head{display:flex;gap:.75rem;flex-wrap:wrap;
align-items:baseline;justify-content:space-between}.state{font-weight:600}.acts{display:flex;gap:.5rem;flex-wrap:wrap;
margin-top:.6rem}form{display:flex;gap:.4rem;align-items:center;flex-wrap:wrap;margin:0}
input{font:inherit;padding:.3rem .5rem;border:1px solid var(--line);border-radius:6px;background:var(--bg);
color:var(--ink);width:9rem}input.s{width:5rem}button{font:inherit;padding:.3rem .8rem;border:1px solid var(--act);
border-radius:6px;background:transparent;color:var(--act);cursor:pointer}button:hover{background:var(--act);
color:var(--card)}:focus-visible{outline:2px solid var(--act);outline-offset:2px}.scroll{overflow-x:auto}
"""
SHIPPABLE = ("RELEASED", "PARTLY_SHIPPED")
BILLABLE = ("PARTLY_SHIPPED", "SHIPPED")
CANCELLABLE = ("DRAFT", "CONFIRMED", "RELEASED", "AWAITING_APPROVAL")


def login_page(problem: str) -> str:
    """The sign-in form."""
    note = f'<p class="note" role="alert">{escape(problem)}</p>' if problem else ""
    return _shell(
        f'{note}<div class="card"><h2>Sign in</h2><form method="post" action="/staff/login">'
        '<label for="token">Token</label><input id="token" name="token" type="password" required autofocus>'
        "<button>Sign in</button></form></div>"
    )


def orders_page(orders: list[Row], faults: list[dict[str, Any]], config: Config, message: str) -> str:
    """Every order with the buttons that its state allows."""
    note = f'<p class="note" role="status">{escape(message)}</p>' if message else ""
    plan = "".join(f"<li>{escape(_fault(f))}</li>" for f in faults)
    active = f'<div class="fault"><strong>Fault plan active</strong><ul>{plan}</ul></div>' if faults else ""
    switches = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in asdict(config).items())
    listed = "".join(_order(o) for o in orders) or '<p class="soft">No orders yet.</p>'
    return _shell(f"{note}{active}<p><small>{escape(switches)}</small></p>{_tools()}<h2>Orders</h2>{listed}")


def _tools() -> str:
    return (
        '<div class="card"><form method="post" action="/staff/reprice"><strong>Price</strong>'
        f"{_input('item', 'Item number')}{_input('price', 'New price', 's')}{_input('customer', 'Customer or empty')}"
        '<button>Change price</button></form><div class="acts"><form method="post" action="/staff/receive">'
        f"<strong>Receipt</strong>{_input('item', 'Item number')}{_input('plant', 'Plant', 's')}"
        f"{_input('quantity', 'Quantity', 's')}<button>Receive goods</button></form></div></div>"
    )


def _order(order: Row) -> str:
    lines = "".join(
        f"<tr><td>{escape(line['posex'])}</td><td>{escape(line['matnr'])}</td><td>{escape(line['plant'] or '-')}</td>"
        f'<td class="n">{line["quantity"]} {escape(line["unit"])}</td><td class="n">{line["confirmed"]}</td>'
        f'<td class="n">{line["shipped"]}</td><td class="n">{escape(line["price"])}</td>'
        f"<td>{escape(line['confirmed_on'] or '-')}</td></tr>"
        for line in order["lines"]
    )
    return (
        f'<section class="card"><div class="head"><span><strong>{escape(order["number"])}</strong> '
        f"{escape(order['customer'])} <small>{escape(order['reference'])} "
        f"{escape(order['purchase_order'])}</small></span>"
        f'<span class="state">{escape(order["status"])}</span></div><div class="scroll"><table><thead><tr><th>Line</th>'
        '<th>Item</th><th>Plant</th><th class="n">Ordered</th><th class="n">Confirmed</th><th class="n">Shipped</th>'
        f'<th class="n">Price</th><th>Date</th></tr></thead><tbody>{lines}</tbody></table></div>'
        f'<div class="acts">{_buttons(order)}</div></section>'
    )


def _buttons(order: Row) -> str:
    status, made = order["status"], []
    if status in SHIPPABLE:
        made.append(_button(order, "ship", "Ship"))
        inputs = _input("line", "Line", "s") + _input("quantity", "Qty", "s")
        made.append(_button(order, "short-ship", "Short-ship", inputs))
    if status in BILLABLE:
        made.append(_button(order, "invoice", "Invoice"))
    if status == "AWAITING_APPROVAL":
        made += [_button(order, "approve-credit", "Approve credit"), _button(order, "refuse-credit", "Refuse")]
    if status in CANCELLABLE:
        made.append(_button(order, "cancel", "Cancel"))
    return "".join(made)


def _button(order: Row, action: str, label: str, inputs: str = "") -> str:
    return (
        f'<form method="post" action="/staff/{action}">'
        f'<input type="hidden" name="order" value="{escape(order["number"])}">'
        f"{inputs}<button>{label}</button></form>"
    )


def _input(name: str, label: str, size: str = "m") -> str:
    return f'<input name="{name}" class="{size}" placeholder="{label}" aria-label="{label}">'


def _fault(fault: dict[str, Any]) -> str:
    match = " ".join(value for value in fault["match"].values() if value) or "every request"
    return f"{fault['kind']} on {match}: used {fault['used']} of {fault['count']}"


def _shell(body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox ERP</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/staff.css"></head><body>'
        "<header><h1>Sandbox ERP</h1><small>order desk, warehouse and billing</small></header>"
        f"<main>{body}</main></body></html>"
    )
