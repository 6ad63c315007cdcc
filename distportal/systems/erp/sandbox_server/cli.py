"""The ERP staff's command line: `python -m distportal.systems.erp.sandbox_server.cli --url U --token T ship ORDER`."""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote


def main() -> int:
    """Run one command and print the answer; 1 when the ERP said no."""
    args = _arguments()
    method, path, body = _request(args)
    status, answer = _call(args.url, args.token, method, path, body)
    print(json.dumps(answer, indent=2))
    return 0 if status < 400 else 1


def _request(args: argparse.Namespace) -> tuple[str, str, dict[str, Any] | None]:
    name = args.command
    if name == "orders":
        return "GET", f"/control/orders?reference={quote(args.reference)}", None
    if name == "ledger":
        return "GET", f"/control/ledger?order_key={quote(args.order_key)}", None
    if name == "faults":
        if args.plan is None:
            return "GET", "/control/faults", None
        return "POST", "/control/faults", {"faults": json.loads(args.plan), "seed": args.seed}
    if name == "reprice":
        return "POST", "/prices", {"item": args.item, "price": args.price, "customer": args.customer}
    if name == "receive":
        return "POST", "/stock", {"item": args.item, "plant": args.plant, "quantity": args.quantity}
    body = {"short": {args.line: args.quantity}} if name == "short-ship" else {}
    return "POST", f"/orders/{quote(args.order)}/{'ship' if name == 'short-ship' else name}", body


def _call(url: str, token: str, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, Any]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{url.rstrip('/')}{path}", data=data, method=method)  # noqa: S310 - own address - given by staff
    request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=15) as reply:  # noqa: S310 - own address
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox_server.cli", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8801")
    parser.add_argument("--token", required=True)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("ship", "invoice", "cancel", "approve-credit", "refuse-credit"):
        commands.add_parser(name).add_argument("order", help="number; for credits also the reference")
    short = commands.add_parser("short-ship")
    short.add_argument("order")
    short.add_argument("line")
    short.add_argument("quantity", type=int)
    reprice = commands.add_parser("reprice")
    reprice.add_argument("item", help="item or catalogue number")
    reprice.add_argument("price")
    reprice.add_argument("--customer", default="", help="customer number; empty for the list price")
    receive = commands.add_parser("receive")
    receive.add_argument("item")
    receive.add_argument("plant")
    receive.add_argument("quantity", type=int)
    commands.add_parser("orders").add_argument("reference", nargs="?", default="")
    commands.add_parser("ledger").add_argument("order_key", nargs="?", default="")
    faults = commands.add_parser("faults")
    faults.add_argument("plan", nargs="?", help="JSON list of rules; [] ends all faults")
    faults.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
