"""The fault plan: which requests go wrong, how, and how often. The same plan and traffic give the same faults."""

from __future__ import annotations

import random
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from .errors import Invalid

KINDS = (
    "latency", "rate_limited", "error_500", "error_503", "commit_then_drop", "commit_then_500", "hang_then_commit",
    "reset_mid_body", "truncated_json", "downtime",
)  # fmt: skip
ALIASES = {"429": "rate_limited", "500": "error_500", "503": "error_503"}


@dataclass
class Fault:
    """One rule. `seconds` is how long to be slow, to hang, to be down, or what Retry-After says."""

    kind: str
    count: int = 1
    seconds: float = 0.0
    probability: float = 1.0
    method: str = ""
    path_regex: str = ""
    order_key: str = ""
    seen: int = 0
    used: int = 0
    until: float = field(default=0.0, repr=False)


class FaultPlan:
    """Holds the rules in force and hands them out one request at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []
        self._seed = 0
        self._replaced = threading.Event()

    def set(self, rules: list[dict[str, Any]], seed: int) -> None:
        """Replace the plan; what is slow by the old one goes on now. Raises Invalid for a rule that makes no sense."""
        made = [_rule(rule) for rule in rules]
        with self._lock:
            self._rules, self._seed = made, seed
            self._replaced.set()
            self._replaced = threading.Event()

    def hold(self, seconds: float) -> None:
        """Returns after so many seconds, or as soon as the plan is replaced."""
        with self._lock:
            replaced = self._replaced
        replaced.wait(seconds)

    def take(self, method: str, path: str, order_key: str) -> Fault | None:
        """The fault for this request, used up by one; the first rule that fits wins."""
        with self._lock:
            for place, rule in enumerate(self._rules):
                if _fits(rule, method, path, order_key) and self._due(place, rule):
                    rule.used += 1
                    return rule
        return None

    def view(self) -> list[dict[str, Any]]:
        """The rules with how often each was used."""
        with self._lock:
            return [
                {"kind": r.kind, "count": r.count, "seconds": r.seconds, "probability": r.probability, "used": r.used,
                 "match": {"method": r.method, "path_regex": r.path_regex, "order_key": r.order_key}}
                for r in self._rules
            ]  # fmt: skip

    def _due(self, place: int, rule: Fault) -> bool:
        if rule.kind == "downtime":
            return time.monotonic() < rule.until
        if rule.count >= 0 and rule.used >= rule.count:
            return False
        rule.seen += 1
        return random.Random(f"{self._seed}-{place}-{rule.seen}").random() < rule.probability


def _fits(rule: Fault, method: str, path: str, order_key: str) -> bool:
    return (
        (not rule.method or rule.method == method)
        and (not rule.path_regex or re.search(rule.path_regex, path) is not None)
        and (not rule.order_key or rule.order_key == order_key)
    )


def _rule(data: dict[str, Any]) -> Fault:
    match = data.get("match") or {}
    kind = ALIASES.get(str(data.get("kind")), str(data.get("kind")))
    if kind not in KINDS:
        raise Invalid("fault_unknown", f"{kind} is not one of {', '.join(KINDS)}")
    try:
        re.compile(str(match.get("path_regex", "")))
        seconds = float(data.get("seconds", 0))
        return Fault(
            kind, int(data.get("count", 1)), seconds, float(data.get("probability", 1)),
            str(match.get("method", "")).upper(), str(match.get("path_regex", "")), str(match.get("order_key", "")),
            until=time.monotonic() + seconds,
        )  # fmt: skip
    except (ValueError, re.error) as error:
        raise Invalid("fault_invalid", f"the rule cannot be read: {error}") from error
