"""The adapter of a CRM that implements docs/crm-rest.openapi.yaml, by itself or through a small service in front."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from distportal.canonical.base import to_json
from distportal.systems.contract_http import ContractHttp, checked_url
from distportal.systems.crm.port import Activity, ActivityState, CrmCapabilities, CrmHealth
from distportal.systems.outcomes import Peer, silence

CRM = Peer("crm", "the CRM")
BROKEN = (KeyError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmRestSettings:
    """`url` ends before `/v1`; `settle_seconds` is the longest it may still work on a lost request."""

    url: str
    token: str = field(repr=False, metadata={"secret": True})
    key: Literal["enforced", "searchable"] = "enforced"
    read_timeout: float = 5.0
    write_timeout: float = 15.0
    settle_seconds: float = 60.0

    def __post_init__(self) -> None:
        """The secret goes over https, or stays on this machine."""
        checked_url(self.url, "crm")


class RestCrm:
    """An activity is PUT under our key."""

    def __init__(self, settings: CrmRestSettings) -> None:
        self._settings = settings
        limits = {"read": settings.read_timeout, "write": settings.write_timeout}
        self._http = ContractHttp(CRM, settings.url, ("Authorization", f"Bearer {settings.token}"), **limits)

    def capabilities(self) -> CrmCapabilities:
        """As the connection's settings say; makes no call."""
        return CrmCapabilities(key=self._settings.key, settle=dt.timedelta(seconds=self._settings.settle_seconds))

    def health(self) -> CrmHealth:
        """Version and round trip."""
        began = time.monotonic()
        data = self._http.get("/health")
        took = (time.monotonic() - began) * 1000
        return CrmHealth(ok=True, version=str(data.get("version", "")), latency_ms=took)

    def find_activity(self, key: str) -> Sequence[ActivityState]:
        """ALL that it holds under the key."""
        data = self._http.get("/activities", key=key)
        try:
            return [_state(row, key) for row in data["activities"]]
        except BROKEN as error:
            raise self._http.broken("/activities", error) from error

    def put_activity(self, activity: Activity) -> ActivityState:
        """One PUT: the same again changes nothing."""
        body: dict[str, Any] = to_json(activity)
        del body["key"]
        data = self._http.write("PUT", f"/activities/{quote(activity.key, safe='')}", body)
        try:
            return _state(data, activity.key)
        except BROKEN as error:
            raise silence("write", f"an answer that is not as agreed: {error!r}", CRM) from error


def _state(data: dict[str, Any], key: str) -> ActivityState:
    if data["key"] != key or not isinstance(data["id"], str) or not data["id"]:
        raise ValueError(f"it is the activity {data['key']!r} with the id {data['id']!r}")
    return ActivityState(key=key, id=data["id"])
