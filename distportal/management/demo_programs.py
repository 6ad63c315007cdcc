"""The processes of the demo, as data."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from django.conf import settings

from distportal.embedded.supervisor import Program
from distportal.systems.seeds import DEMO_HOOK

OVERBILLED = ("GS-7103", "HF-7104")
"""PO numbers that the demo's ERP bills too high, for our own check to find."""
UNKNOWN_TO_CRM = "BAYOU"
"""A customer that nobody entered in the demo's CRM."""
EARLY = ("CR-88001", "CR-88002", "BW-51001", "BW-51002")
"""PO numbers of partners' files that leave before the day they are wanted, so the demo has their papers at once."""
DEMO_HOOK_SECRET = "demo-carrier-webhook-secret"  # noqa: S105 - of the demo, on this machine only
LANE_PROCESSES = {
    "edi_in": 1,
    "orders": 2,
    "erp_write": 2,
    "erp_read": 1,
    "edi_out": 1,
    "edi_net": 1,
    "logistics": 1,
    "webhooks": 1,
    "mail": 1,
    "bulk": 1,
    "relay": 1,
}


def web_port() -> str:
    """The port of the portal: PORT, or 8000."""
    return os.environ.get("PORT", "8000")


def erp_port() -> str:
    """The port of the sandbox ERP: ERP_PORT, or 8801."""
    return os.environ.get("ERP_PORT", "8801")


def public_url() -> str:
    """Where links in mails lead: PUBLIC_URL, or the portal's port on this machine."""
    return os.environ.get("PUBLIC_URL") or f"http://localhost:{web_port()}"


def two_erps() -> bool:
    """Whether a second ERP runs beside: `make demo TWO_ERPS=1`."""
    return os.environ.get("TWO_ERPS", "") not in ("", "0")


def new_erp_port() -> str:
    """The port of the second ERP: the one behind ERP_PORT."""
    return str(int(erp_port()) + 1)


def receiver_port() -> str:
    """The port of the dealer's own system, which takes webhooks: two behind ERP_PORT."""
    return str(int(erp_port()) + 2)


def programs(*, on_first_page: Callable[[], None], hook_secrets: Sequence[str] = ()) -> list[Program]:
    """Everything that runs, web first: the rest starts once its first page has answered. `hook_secrets` are those that
    the dealer's own system checks webhooks with.
    """
    shared = {
        "ERP_URL": f"http://127.0.0.1:{erp_port()}",
        "ERP_TOKEN": _erp_token(),
        "WMS_TOKEN": _erp_token(),
        "TMS_TOKEN": _erp_token(),
        "CRM_TOKEN": _erp_token(),
        "TMS_WEBHOOK_SECRET": DEMO_HOOK_SECRET,
        "PUBLIC_URL": public_url(),
        "PYTHONUNBUFFERED": "1",
    }
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "distportal.celery:app"]
    # A demo by root is the machine owner's choice; Celery's warning would bury the first lines of every lane.
    worker = {**shared, "PYTHONWARNINGS": "ignore:You're running the worker"}
    workers = [
        Program(lane, [*celery, "worker", "-Q", lane, "-n", f"{lane}@%h", "-c", str(LANE_PROCESSES.get(lane, 1)),
                       "--without-gossip", "--without-mingle"], worker, lane=lane)
        for lane in settings.LANES
    ]  # fmt: skip
    return [
        Program("web", _web(), shared, ready_url=f"http://127.0.0.1:{web_port()}/health/live", on_ready=on_first_page),
        Program("erp", _erp(), shared),
        *([Program("new-erp", _new_erp(), shared)] if two_erps() else []),
        Program("webhook-receiver", _receiver(), {"WEBHOOK_SECRETS": " ".join(hook_secrets)}),
        Program("sweeper", [*manage, "sweep"], shared),
        Program("partners", [*manage, "play_partners"], shared),
        *workers,
        Program("beat", [*celery, "beat", "-s", str(settings.STATE_DIR / "beat"), "--pidfile="], shared),
    ]


def _web() -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", web_port(),
        "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "distportal.wsgi:application",
    ]  # fmt: skip


def _erp() -> list[str]:
    return [
        sys.executable, "-m", "distportal.systems.erp.sandbox_server", "--port", erp_port(), "--token", _erp_token(),
        "--db", str(settings.STATE_DIR / "sandbox-erp.sqlite3"),
        "--auto-ship-after", "20", "--auto-invoice-after", "10", "--auto-pick-after", "5", "--auto-track-after", "12",
        "--freight-plant", "2000", "--webhook-secret", DEMO_HOOK_SECRET,
        "--overbilled", ",".join(OVERBILLED), "--crm-without", UNKNOWN_TO_CRM, "--early", ",".join(EARLY),
        "--webhook-url", f"http://127.0.0.1:{web_port()}/api/v1/carriers/{DEMO_HOOK}/events",
    ]  # fmt: skip


def _receiver() -> list[str]:
    """The example of docs/, as it stands."""
    script = settings.BASE_DIR / "docs" / "examples" / "webhook_receiver.py"
    return [sys.executable, str(script), "--port", receiver_port(), "--busy-every", "5"]


def _new_erp() -> list[str]:
    return [
        sys.executable, "-m", "distportal.systems.erp.sandbox_server", "--port", new_erp_port(),
        "--token", _erp_token(), "--db", str(settings.STATE_DIR / "sandbox-new-erp.sqlite3"),
        "--seed", "11", "--number-offset", "7000000", "--auto-ship-after", "20", "--auto-invoice-after", "10",
    ]  # fmt: skip


def _erp_token() -> str:
    return str(settings.ERP_ADAPTERS["default"]["token"])
