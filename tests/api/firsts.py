"""The first request of each call, as somebody would mean it: a document cannot say what was billed, what may still
change, or what proves a claim.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Values = dict[str, str]


def _line(values: Values) -> dict[str, Any]:
    return {"invoice": values["invoice"], "position": 2, "quantity": "1", "reason": "EI"}


BODIES: dict[str, Callable[[Values], Any]] = {
    "POST orders": lambda v: {
        "account": v["account"], "po_number": "MEANT-1", "ship_to": v["ship_to"],
        "lines": [{"sku": "FST-10001", "quantity": "10"}],
    },
    "POST orders/{number}/changes": lambda v: {"lines": [{"line_no": "1", "quantity": "5"}]},
    "POST accounts/{account}/notes": lambda v: {"text": "Calls on Mondays", "author": "Ana", "order": v["order"]},
    "POST disputes": lambda v: {
        "invoice": v["invoice"], "reason": "freight", "note": "Agreed on none",
        "lines": [{"position": 2, "amount": "1.00"}],
    },
    "POST disputes/{number}/evidence": lambda v: {"evidence": [{"item": "freight", "files": [v["photo"]]}]},
    "POST returns": lambda v: {"reference": "OURS-1", "lines": [_line(v)]},
    "POST webhooks": lambda v: {
        "name": "Second till", "url": "https://second.example/", "event_types": ["order.accepted"],
    },
    "PATCH webhooks/{endpoint_id}": lambda v: {"name": "Till"},
    "POST webhooks/{endpoint_id}/replay": lambda v: {"delivery": int(v["delivery"])},
}  # fmt: skip


def mean_it(case: Any, values: Values) -> None:
    """The request has a body that can be done."""
    body = BODIES.get(case.operation.label.replace("/api/v1/", ""))
    if body is not None:
        case.body = body(values)
