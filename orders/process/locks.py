"""Every row lock of this app, by name. In this order: commands, order, its lines by position, change."""

from __future__ import annotations

from uuid import UUID

from orders.errors import StaleVersion
from orders.models import ChangeRequest, Dispute, ErpCommand, Order


def locked_order(order_id: UUID, *, version: int | None = None) -> Order:
    """The order under its row lock. Raises StaleVersion if it is not at the version the caller saw."""
    row = Order.objects.select_for_update(of=("self",)).select_related("account", "ship_to").get(pk=order_id)
    if version is not None and row.version != version:
        raise StaleVersion(f"{row} was changed meanwhile; nothing was saved, load it again", version=row.version)
    return row


def locked_command(command_id: UUID) -> ErpCommand:
    """The command under its row lock."""
    return ErpCommand.objects.select_for_update(of=("self",)).get(pk=command_id)


def locked_commands_of(order_id: UUID) -> list[ErpCommand]:
    """The commands that create or change the order, under their row locks, oldest first."""
    rows = ErpCommand.objects.select_for_update(of=("self",)).filter(order_id=order_id)
    return list(rows.order_by("requested_at", "pk"))


def locked_change(change_id: UUID) -> ChangeRequest:
    """The change under its row lock."""
    return ChangeRequest.objects.select_for_update(of=("self",)).get(pk=change_id)


def locked_dispute(dispute_id: UUID) -> Dispute:
    """The dispute under its row lock."""
    return Dispute.objects.select_for_update(of=("self",)).select_related("invoice", "account").get(pk=dispute_id)
