"""Job handlers: ids in, one process call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from distportal.accounts.personal import DataClass
from distportal.events.errors import RetryLater
from distportal.events.registry import job_handler, several_handler
from distportal.events.retention import Retention, keep
from distportal.events.schedule import tick
from distportal.systems.spreading import connection_of
from orders.process.advice_watch import watch_advices
from orders.process.approvals.ending import expire_requests
from orders.process.approvals.reminding import remind_approvers
from orders.process.carrier_feed import POLL_ONE_JOB, poll_carrier, poll_carriers
from orders.process.carrier_messages import TAKE_JOB, take_message
from orders.process.changes.outcomes import DECIDE_JOB
from orders.process.changes.waiting import decide_waiting_change
from orders.process.commands import SEND_JOB
from orders.process.crm import PUSH_JOB, tell_crm
from orders.process.dispute_watch import watch_disputes
from orders.process.erp_feed import sync_erp
from orders.process.erp_split import split_by_policy
from orders.process.exports import MAKE_JOB, make_export
from orders.process.open_amounts import reckon_missing
from orders.process.orchestration import SPLIT_JOB
from orders.process.overdue import watch_overdue
from orders.process.proofs import watch_proofs
from orders.process.reconciling.documents import reconcile_invoices, reconcile_shipments
from orders.process.reconciling.orders import reconcile_orders
from orders.process.release_sending import send_release
from orders.process.releasing import RELEASE_JOB
from orders.process.sending import CommandRefused, send_command
from orders.process.sending_together import ToSend, send_commands
from orders.process.switching.applying import apply_switch
from orders.process.switching.following import FOLLOW_JOB, follow_companies
from orders.process.switching.planning import APPLY_JOB
from orders.process.warehouse_feed import READ_ONE_JOB, read_warehouse, read_warehouses

keep(
    Retention(
        name="exports", table="orders_export", clock="chosen_at", age="chosen_at", days=2, data_class=DataClass.CONTENT
    )
)
WATCH_JOB = "orders.watch_advices"
WATCH_SECONDS = 300.0
PROOF_JOB = "orders.watch_proofs"
PROOF_SECONDS = 3600.0


# What became of a message stands in tracking and proofs; one that waits or could not be used stays.
keep(
    Retention(
        name="carrier_messages", table="orders_carriermessage", clock="received_at",
        age="CASE WHEN state = 'used' THEN received_at END", days=180,
        data_class=DataClass.CONTACT,
    )
)  # fmt: skip


@job_handler(SEND_JOB, lane="erp_write", max_attempts=20, hands_over=True)
def send_command_job(payload: Mapping[str, Any]) -> None:
    """Bring one command to the ERP."""
    with suppress(CommandRefused):
        send_command(command_id=UUID(payload["command"]))


@several_handler(SEND_JOB)
def send_command_jobs(payloads: Sequence[Mapping[str, Any]]) -> Sequence[Exception | None]:
    """Bring several commands to the ERP."""
    return send_commands([ToSend(UUID(one["command"]), one["_story"]) for one in payloads])


@job_handler(SPLIT_JOB, lane="orders", max_attempts=20)
def split_order_job(payload: Mapping[str, Any]) -> None:
    """Make an order for each ERP."""
    split_by_policy(order_id=UUID(payload["order"]))


@job_handler("orders.sync_erp", lane="erp_read")
def sync_erp_job(payload: Mapping[str, Any]) -> None:
    """Read what the ERP did with our orders, and now and then look for what it has not done."""
    tick(WATCH_JOB, WATCH_SECONDS)
    sync_erp(of=connection_of("orders.sync_erp", payload))


@job_handler("orders.reconcile_orders", lane="bulk")
def reconcile_orders_job(payload: Mapping[str, Any]) -> None:
    """Compare orders with the ERP's."""
    reconcile_orders(of=connection_of("orders.reconcile_orders", payload))


@job_handler("orders.reconcile_shipments", lane="bulk")
def reconcile_shipments_job(payload: Mapping[str, Any]) -> None:
    """Compare shipments with the ERP's."""
    reconcile_shipments(of=connection_of("orders.reconcile_shipments", payload))


@job_handler("orders.reconcile_invoices", lane="bulk")
def reconcile_invoices_job(payload: Mapping[str, Any]) -> None:
    """Compare invoices with the ERP's."""
    reconcile_invoices(of=connection_of("orders.reconcile_invoices", payload))


@job_handler(DECIDE_JOB, lane="orders", max_attempts=20)
def decide_change_job(payload: Mapping[str, Any]) -> None:
    """Decide a change that waited."""
    decide_waiting_change(change_id=UUID(payload["change"]))


@job_handler(WATCH_JOB, lane="bulk")
def watch_advices_job(_: Mapping[str, Any]) -> None:
    """Tell of what warehouses shipped and the ERP has not booked."""
    watch_advices()


@job_handler(RELEASE_JOB, lane="logistics", max_attempts=20, hands_over=True)
def send_release_job(payload: Mapping[str, Any]) -> None:
    """Bring one instruction to its warehouse."""
    send_release(release_id=UUID(payload["release"]))


@job_handler("orders.read_warehouses", lane="logistics", slows=True)
def read_warehouses_job(_: Mapping[str, Any]) -> None:
    """Begin to read what warehouses tell."""
    read_warehouses()


@job_handler(READ_ONE_JOB, lane="logistics", quiet=True)
def read_warehouse_job(payload: Mapping[str, Any]) -> None:
    """Read what one warehouse tells."""
    read_warehouse(connection=payload["connection"])


@job_handler("orders.poll_carriers", lane="logistics", slows=True)
def poll_carriers_job(_: Mapping[str, Any]) -> None:
    """Begin to ask carriers, and now and then look for what nobody proved."""
    tick(PROOF_JOB, PROOF_SECONDS)
    poll_carriers()


@job_handler(POLL_ONE_JOB, lane="logistics", quiet=True)
def poll_carrier_job(payload: Mapping[str, Any]) -> None:
    """Ask one carrier."""
    poll_carrier(connection=payload["connection"])


@job_handler(TAKE_JOB, lane="logistics")
def take_message_job(payload: Mapping[str, Any]) -> None:
    """Use one message of a carrier."""
    take_message(message_id=UUID(payload["message"]))


@job_handler(PROOF_JOB, lane="bulk")
def watch_proofs_job(_: Mapping[str, Any]) -> None:
    """Tell of deliveries that nobody proved."""
    watch_proofs()


@job_handler("orders.reckon_open", lane="bulk")
def reckon_open_job(_: Mapping[str, Any]) -> None:
    """Give documents of an older version the figure of what is open of them."""
    if not reckon_missing():
        raise RetryLater("more documents have no figure than a run reckons", after=5.0, counts=False)


@job_handler("orders.expire_approvals", lane="bulk")
def expire_approvals_job(_: Mapping[str, Any]) -> None:
    """End requests that nobody answered in time."""
    expire_requests()


@job_handler("orders.remind_approvers", lane="bulk")
def remind_approvers_job(_: Mapping[str, Any]) -> None:
    """Remind who may approve before a request ends."""
    remind_approvers()


@job_handler("orders.watch_disputes", lane="bulk")
def watch_disputes_job(_: Mapping[str, Any]) -> None:
    """Tell of credits that the ERP refused later, and of questions that nobody answered."""
    watch_disputes()


@job_handler("orders.watch_overdue", lane="bulk")
def watch_overdue_job(_: Mapping[str, Any]) -> None:
    """Tell of invoices whose day has passed."""
    watch_overdue()


@job_handler(PUSH_JOB, lane="webhooks", max_attempts=12, hands_over=True)
def tell_crm_job(payload: Mapping[str, Any]) -> None:
    """Tell one CRM one fact."""
    tell_crm(name=payload["crm"], event_id=UUID(payload["event"]))


@job_handler(MAKE_JOB, lane="bulk", max_attempts=5)
def make_export_job(payload: Mapping[str, Any]) -> None:
    """Make the file of many documents that somebody waits for."""
    make_export(export_id=UUID(payload["export"]))


@job_handler(APPLY_JOB, lane="bulk", max_attempts=20, never_waits=True)
def apply_switch_job(payload: Mapping[str, Any]) -> None:
    """Move what a planned switch names to its ERP."""
    apply_switch(switch_id=UUID(payload["switch"]))


@job_handler(FOLLOW_JOB, lane="bulk", never_waits=True)
def follow_companies_job(_: Mapping[str, Any]) -> None:
    """Let new accounts of a moved company follow it."""
    follow_companies()
