"""Begin anew with the ERP behind a connection, once nothing is left open with the one before."""

from __future__ import annotations

from django.db import transaction

from inventory.process.standing import start_anew
from orders.errors import SwitchRefused
from orders.queries.switches import uncertain_commands_of


@transaction.atomic
def start_connection_anew(*, of: str, reason: str, actor: str) -> None:
    """All is read from the start. Raises SwitchRefused while a command to the connection has an unknown outcome: the
    ERP of today cannot know whether the former one has it, and it would be sent a second time. Raises Invalid without
    a reason.
    """
    unsure = list(uncertain_commands_of(of).order_by("requested_at").values_list("order_key", flat=True)[:5])
    if unsure:
        raise SwitchRefused(
            f"nobody knows yet whether the former ERP has {', '.join(unsure)}: point the connection back until they "
            "are settled, or settle them by hand. Nothing was changed"
        )
    start_anew(of=of, reason=reason, actor=actor)
