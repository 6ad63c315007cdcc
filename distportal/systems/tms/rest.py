"""The adapter of a carrier or transport system that implements docs/tms-rest.openapi.yaml."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from distportal.systems.contract_http import ContractHttp, checked_url
from distportal.systems.health import SystemHealth
from distportal.systems.outcomes import Peer
from distportal.systems.tms.port import TmsCapabilities, TmsEvent, TmsPage

TMS = Peer("tms", "the carrier")
BROKEN = (KeyError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class TmsRestSettings:
    """`url` ends before `/v1`; `poll` false: it is never asked, it tells by webhook alone."""

    url: str
    token: str = field(repr=False, metadata={"secret": True})
    webhook_secret: str = field(repr=False, metadata={"secret": True})
    poll: bool = True
    read_timeout: float = 5.0
    page_size: int = 100

    def __post_init__(self) -> None:
        """The secret goes over https, or stays on this machine."""
        checked_url(self.url, "tms")


class RestTms:
    """The feed is read by cursor; the same events may be posted to us before."""

    def __init__(self, settings: TmsRestSettings) -> None:
        self._settings = settings
        header = ("Authorization", f"Bearer {settings.token}")
        self._http = ContractHttp(TMS, settings.url, header, read=settings.read_timeout, write=settings.read_timeout)

    def capabilities(self) -> TmsCapabilities:
        """As the connection's settings say; makes no call."""
        return TmsCapabilities(feed="cursor" if self._settings.poll else "push", page_size=self._settings.page_size)

    def health(self) -> SystemHealth:
        """Version and round trip."""
        began = time.monotonic()
        data = self._http.get("/health")
        took = (time.monotonic() - began) * 1000
        return SystemHealth(ok=True, version=str(data.get("version", "")), latency_ms=took)

    def events(self, cursor: str | None, limit: int) -> TmsPage:
        """The next page."""
        data = self._http.get("/events", cursor=cursor or "", limit=min(limit, self._settings.page_size))
        try:
            found = tuple(TmsEvent(event_id=_text(row["event_id"]), payload=dict(row)) for row in data["events"])
            return TmsPage(events=found, next_cursor=str(data["next_cursor"]), more=bool(data["more"]))
        except BROKEN as error:
            raise self._http.broken("/events", error) from error

    def webhook_secret(self) -> str:
        """What signs the posts of this carrier."""
        return self._settings.webhook_secret


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 120:
        raise ValueError(f"{value!r} should be an id of at most 120 characters")
    return value
