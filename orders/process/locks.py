"""Every lock of this app, by name. In this order: account, PO number, commands, order, its lines by position, invoices
by id, an account's credit, then what stands below them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

from distportal.accounts.models import Account
from distportal.common.among import Among
from distportal.common.marks import SOME_KEYS
from distportal.common.prepared import PreparedRows
from orders.errors import StaleVersion, UnknownAccount
from orders.models import ChangeRequest, Dispute, ErpCommand, Invoice, Order, Return, WarehouseRelease

_LOCK_NAMES = """
WITH wanted AS MATERIALIZED (
  SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest(%s::text[]) AS name ORDER BY key
)
SELECT pg_advisory_xact_lock(key) FROM wanted
"""

_ORDERS = PreparedRows(
    lambda ids: (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account", "ship_to")
        .filter(Among("pk", ids, of=UUIDField()))
        .order_by("pk")
    ),
    SOME_KEYS,
)
_COMMANDS = PreparedRows(
    lambda ids: (
        ErpCommand.objects.select_for_update(of=("self",), no_key=True)
        .filter(Among("pk", ids, of=UUIDField()))
        .order_by("pk")
    ),
    SOME_KEYS,
)


def locked_account(code: str) -> Account:
    """The account of that code under a lock that lets its rows be pointed at. Raises UnknownAccount."""
    row = Account.objects.select_for_update(no_key=True).filter(code=code).first()
    if row is None:
        raise UnknownAccount(f"no account has the code {code}; nothing was recorded")
    return row


def lock_pos(keys: Collection[tuple[UUID, str]]) -> None:
    """Until commit nobody else places an order of these POs, (account id, number as it is compared): a whole PO and its
    parts are different rows, so no unique constraint alone keeps one from coming beside the other. In the order of the
    locks' own keys, so that two who want the same ones cannot wait for each other.
    """
    _lock_names([f"orders.po:{account_id}:{po_norm}" for account_id, po_norm in keys])


def lock_credit(accounts: Iterable[Account]) -> None:
    """Until commit nobody else decides an order on the credit of these accounts, so what is open of them can be read
    and added to. Those whose credit the ERP never told are left out: nothing is decided by it.

    Not the account's row: it is written by the ERP's feed, and pointed at by all that is its. Before stock rows, since
    all orders of an account want its credit and only some of them the same goods.
    """
    _lock_names([f"orders.credit:{account.pk}" for account in accounts if account.credit_as_of is not None])


def _lock_names(names: list[str]) -> None:
    if names:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK_NAMES, [names])


def locked_invoices(ids: Collection[UUID]) -> dict[UUID, Invoice]:
    """The invoices under their row locks, by id."""
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    rows = rows.defer("canonical")
    return {row.pk: row for row in rows}


def locked_return(return_id: UUID) -> Return:
    """The return under its row lock."""
    return Return.objects.select_for_update(of=("self",), no_key=True).select_related("account").get(pk=return_id)


def locked_order(order_id: UUID, *, version: int | None = None) -> Order:
    """The order under its row lock. Raises StaleVersion if it is not at the version the caller saw."""
    row = (
        Order.objects.select_for_update(of=("self",), no_key=True).select_related("account", "ship_to").get(pk=order_id)
    )
    if version is not None and row.version != version:
        raise StaleVersion(f"{row} was changed meanwhile; nothing was saved, load it again", version=row.version)
    return row


def locked_orders(ids: Collection[UUID]) -> dict[UUID, Order]:
    """The orders under their row locks, in the order of their keys, by id."""
    return {row.pk: row for row in _ORDERS(list(ids))}


def locked_command(command_id: UUID) -> ErpCommand:
    """The command under its row lock."""
    return ErpCommand.objects.select_for_update(of=("self",), no_key=True).get(pk=command_id)


def locked_commands(ids: Collection[UUID]) -> list[ErpCommand]:
    """These commands under their row locks, in the order of their keys."""
    return _COMMANDS(list(ids))


def locked_commands_of(order_id: UUID) -> list[ErpCommand]:
    """The commands that create or change the order, under their row locks, oldest first."""
    rows = ErpCommand.objects.select_for_update(of=("self",), no_key=True).filter(order_id=order_id)
    return list(rows.order_by("requested_at", "pk"))


def locked_release(release_id: UUID) -> WarehouseRelease:
    """The instruction to a warehouse under its row lock."""
    return WarehouseRelease.objects.select_for_update(of=("self",), no_key=True).get(pk=release_id)


def locked_change(change_id: UUID) -> ChangeRequest:
    """The change under its row lock."""
    return ChangeRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=change_id)


def locked_dispute(dispute_id: UUID) -> Dispute:
    """The dispute under its row lock."""
    return (
        Dispute.objects.select_for_update(of=("self",), no_key=True)
        .select_related("invoice", "account")
        .get(pk=dispute_id)
    )
