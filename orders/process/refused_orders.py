"""A person corrects an order that the ERP refused; it goes there again under the key that it always had."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import translation

from distportal.accounts.speaking import ENGLISH
from distportal.observability.correlation import correlated
from orders.choices import CommandKind, CommandState, FindingAction, OrderStatus
from orders.errors import NothingToCorrect
from orders.models import ErpCommand, Order
from orders.process.corrections import corrected, write_correction
from orders.process.evaluation import Evaluation
from orders.process.locks import locked_commands_of, locked_order
from orders.process.orchestration import decide_order, release_order


@transaction.atomic
def lock_refused_order(*, order_id: UUID, version: int) -> tuple[Order, ErpCommand]:
    """The order and its refused command under their locks. Raises StaleVersion, or NothingToCorrect where the ERP did
    not refuse it, or has it by now.
    """
    commands = locked_commands_of(order_id)
    order = locked_order(order_id, version=version)
    refused = next((one for one in commands if one.kind == CommandKind.ORDER), None)
    if refused is None or refused.state != CommandState.REJECTED or order.status != OrderStatus.ACCEPTED:
        raise NothingToCorrect(f"the ERP does not refuse {order} now; nothing was saved")
    return order, refused


@transaction.atomic
def correct_refused_order(
    *, order_id: UUID, version: int, changes: Mapping[str, str], reason: str, actor: str
) -> Evaluation:
    """The corrected order, decided again and on its way to the ERP. Raises StaleVersion, and NothingToCorrect where the
    ERP did not refuse it, where a value cannot be, or where our own rules would not let it go.
    """
    order, _ = lock_refused_order(order_id=order_id, version=version)
    asked, diff = corrected(order.canonical, changes)
    release_order(order)
    write_correction(order, asked, diff, reason=reason, actor=actor)
    with correlated(order.correlation_id), translation.override(ENGLISH):  # what is stored is English
        evaluation = decide_order(order_id=order.pk)
    if evaluation.status != OrderStatus.ACCEPTED:
        said = [v.finding.message for v in evaluation.verdicts if v.action != FindingAction.ACCEPT]
        raise NothingToCorrect(f"so the order would not go on: {'; '.join(said)}. Nothing was saved")
    return evaluation
