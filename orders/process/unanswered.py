"""An order in a file that the ERP has not answered: it waits, is never sent again, and late it has a case."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import NoReturn

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.systems.erp.port import ErpPort, KeepsFiles, OrderState
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.models import ErpCommand
from orders.process.case_facts import about
from orders.process.command_claims import pause

CODE = "erp_unanswered"
MOST_SHOWN = 100_000  # characters of the file in the case; the folder keeps the whole


def await_answer(*, command: ErpCommand, port: ErpPort, state: OrderState) -> NoReturn:
    """Raises RetryLater; past the ERP's time to answer one case shows a person the exact bytes that were written."""
    within = port.capabilities().answer_within
    if within is not None and database_now() >= state.as_of + within:
        _alarm(command, port, state, within)
    raise RetryLater(f"{state.number} is written, the ERP has not answered", after=pause(port), counts=False)


def settle_answer(command: ErpCommand) -> None:
    """The answer is there: the case, if there was one, is closed by it."""
    resolve_cases(
        subject_type="command",
        subject_id=str(command.pk),
        resolution=Resolution.BY_EVENT,
        reason="the ERP answered",
        code=CODE,
    )


def _alarm(command: ErpCommand, port: ErpPort, state: OrderState, within: dt.timedelta) -> None:
    content = port.sent_file(command.order_key).content if isinstance(port, KeepsFiles) else b""
    hours = within.total_seconds() / 3600
    open_case(
        kind="erp.unanswered",
        code=CODE,
        subject_type="command",
        subject_id=str(command.pk),
        sentence=f"The ERP has not answered {state.number} in {hours:g} hours: ask its people whether they have it; "
        "it is not sent again by itself",
        severity=3,
        queue="operations",
        **about(command.order),
        data={
            "erp": command.erp,
            "file": state.number,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "content": content.decode("utf-8", errors="backslashreplace").replace("\0", "\\0")[:MOST_SHOWN],
            "written_at": state.as_of.isoformat(),
        },
    )
