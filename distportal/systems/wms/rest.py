"""The adapter of a warehouse system that implements docs/wms-rest.openapi.yaml. Our codes: its side maps."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from distportal.canonical.base import from_json, to_json
from distportal.systems.contract_http import ContractHttp, checked_url
from distportal.systems.health import SystemHealth
from distportal.systems.outcomes import Peer, silence
from distportal.systems.wms.port import Instruction, ReleaseState, WmsCapabilities, WmsEvent, WmsPage

WMS = Peer("wms", "the warehouse system")
BROKEN = (KeyError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class WmsRestSettings:
    """`url` ends before `/v1`; `settle_seconds` is the longest it may still work on a lost request."""

    url: str
    token: str = field(repr=False, metadata={"secret": True})
    read_timeout: float = 5.0
    write_timeout: float = 15.0
    settle_seconds: float = 60.0
    page_size: int = 200

    def __post_init__(self) -> None:
        """The secret goes over https, or stays on this machine."""
        checked_url(self.url, "wms")


class RestWms:
    """An instruction is PUT under our reference; the feed is read by cursor."""

    def __init__(self, settings: WmsRestSettings) -> None:
        self._settings = settings
        limits = {"read": settings.read_timeout, "write": settings.write_timeout}
        self._http = ContractHttp(WMS, settings.url, ("Authorization", f"Bearer {settings.token}"), **limits)

    def capabilities(self) -> WmsCapabilities:
        """As the connection's settings say; makes no call."""
        s = self._settings
        return WmsCapabilities(feed="cursor", settle=dt.timedelta(seconds=s.settle_seconds), page_size=s.page_size)

    def health(self) -> SystemHealth:
        """Version and round trip."""
        began = time.monotonic()
        data = self._http.get("/health")
        took = (time.monotonic() - began) * 1000
        return SystemHealth(ok=True, version=str(data.get("version", "")), latency_ms=took)

    def find_release(self, reference: str) -> Sequence[ReleaseState]:
        """ALL that it holds under the reference, the cancelled too."""
        data = self._http.get("/releases", reference=reference)
        try:
            found = [_state(row) for row in data["releases"]]
        except BROKEN as error:
            raise self._http.broken("/releases", error) from error
        if strange := [state.reference for state in found if state.reference != reference]:
            raise self._http.broken("/releases", ValueError(f"asked for {reference}, got {strange[0]}"))
        return found

    def release(self, instruction: Instruction) -> ReleaseState:
        """One PUT: the same sequence again changes nothing."""
        return self._written("PUT", instruction, "", {"order": to_json(instruction.order)})

    def cancel(self, instruction: Instruction) -> ReleaseState:
        """One POST: cancelled twice it is cancelled once."""
        return self._written("POST", instruction, "/cancel", {})

    def events(self, cursor: str | None, limit: int) -> WmsPage:
        """The next page."""
        data = self._http.get("/events", cursor=cursor or "", limit=min(limit, self._settings.page_size))
        try:
            found = tuple(WmsEvent.told(row) for row in data["events"])
            return WmsPage(events=found, next_cursor=str(data["next_cursor"]), more=bool(data["more"]))
        except BROKEN as error:
            raise self._http.broken("/events", error) from error

    def _written(self, method: str, told: Instruction, action: str, body: dict[str, Any]) -> ReleaseState:
        body |= {"sequence": told.sequence, "content_hash": told.content_hash}
        data = self._http.write(method, f"/releases/{quote(told.reference, safe='')}{action}", body)
        try:
            state = _state(data)
            if state.reference != told.reference:
                raise ValueError(f"it is the release {state.reference}")
            return state
        except BROKEN as error:
            raise silence("write", f"an answer that is not as agreed: {error!r}", WMS) from error


def _state(data: dict[str, Any]) -> ReleaseState:
    state = from_json(ReleaseState, data)
    if state.as_of.tzinfo is None:
        raise ValueError(f"the time {state.as_of.isoformat()} has no offset")
    return state
