"""What a connection of the kind rest needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from distportal.systems.contract_http import checked_url
from distportal.systems.erp.port import FeedKind

FEEDS: tuple[FeedKind, ...] = ("order", "shipment", "invoice", "stock", "price", "item", "customer")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestSettings:
    """`url` ends before `/v1`. The secret goes into `auth_header` after `auth_prefix`: a bearer token unless set.

    `settle_seconds` is the longest the ERP may still work on a lost request; `feeds` are those it implements.
    """

    url: str
    secret: str = field(repr=False, metadata={"secret": True})
    auth_header: str = "Authorization"
    auth_prefix: str = "Bearer "
    order_key: Literal["enforced", "searchable"] = "enforced"
    feeds: tuple[FeedKind, ...] = FEEDS
    prices: bool = True
    credit_requests: bool = True
    documents: bool = True
    max_order_lines: int = 500
    page_size: int = 500
    writes_per_minute: int = 600
    read_timeout: float = 5.0
    write_timeout: float = 30.0
    settle_seconds: float = 90.0
    feed_overlap_seconds: float = 120.0

    def __post_init__(self) -> None:
        """The secret goes over https, or stays on this machine."""
        checked_url(self.url, "erp")
