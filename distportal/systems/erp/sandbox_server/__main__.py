"""Starts the sandbox ERP: `python -m distportal.systems.erp.sandbox_server --db PATH --token T`."""

from __future__ import annotations

import argparse
import pathlib
import signal
import threading
from types import FrameType

from .automation import run_forever
from .config import Config, LiveConfig
from .exchange import Server
from .faults import FaultPlan
from .items import PER_FAMILY
from .seeding import seed_master_data
from .store import Store
from .web import ErpServer


def main() -> None:
    """Seed an empty database, then answer until told to stop."""
    args = _arguments()
    store = Store(args.db, args.clock_offset, args.number_offset)
    seed_master_data(store, args.seed, args.per_family)
    config = LiveConfig(
        Config(
            args.auto_ship_after,
            args.auto_invoice_after,
            args.auto_credit_after,
            args.unique_reference,
            args.auto_pick_after,
            args.auto_track_after,
            args.webhook_url,
            args.webhook_secret,
            args.freight_plant,
            args.overbilled,
            args.crm_without,
            args.early,
        )
    )
    server = ErpServer((args.host, args.port), Server(store, config, FaultPlan(), args.token))
    stop = threading.Event()

    def _stop(number: int, frame: FrameType | None) -> None:
        stop.set()
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    threading.Thread(target=run_forever, args=(store, config, stop), daemon=True).start()
    print(f"sandbox ERP on http://{args.host}:{server.server_port} (staff page: /staff)", flush=True)
    server.serve_forever(poll_interval=0.1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox_server", description=__doc__)
    parser.add_argument("--db", type=pathlib.Path, required=True, help="SQLite file, made and seeded when missing")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8801)
    parser.add_argument("--token", required=True, help="bearer token of the API, the control port and the staff page")
    parser.add_argument("--clock-offset", type=float, default=37.0, help="seconds the ERP's clock is ahead")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--number-offset", type=int, default=0, help="moves its number ranges")
    parser.add_argument("--per-family", type=int, default=PER_FAMILY, help="items in each of the five families")
    parser.add_argument("--auto-ship-after", type=float, default=0.0, help="seconds; 0 = by hand")
    parser.add_argument("--auto-invoice-after", type=float, default=0.0, help="seconds; 0 = by hand")
    parser.add_argument("--auto-credit-after", type=float, default=5.0, help="seconds; 0 = by hand")
    parser.add_argument(
        "--auto-pick-after", type=float, default=0.0, help="seconds a step in the warehouse; 0 = by hand"
    )
    parser.add_argument("--auto-track-after", type=float, default=0.0, help="seconds a step of a parcel; 0 = by hand")
    parser.add_argument("--webhook-url", default="", help="where the carrier posts what happens to parcels")
    parser.add_argument("--webhook-secret", default="", help="what signs these posts")
    parser.add_argument("--freight-plant", default="", help="plant whose goods go by freight, not by parcel")
    parser.add_argument("--overbilled", default="", help="PO numbers, with commas, that are billed 5 %% too high")
    parser.add_argument("--crm-without", default="", help="customers, with commas, that the CRM does not know")
    parser.add_argument(
        "--early", default="", help="PO numbers, with commas, that leave before the day they are wanted"
    )
    parser.add_argument("--unique-reference", action="store_true", help="refuse a second live order with one reference")
    return parser.parse_args()


if __name__ == "__main__":
    main()
