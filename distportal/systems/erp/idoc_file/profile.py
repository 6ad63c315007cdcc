"""What was agreed with one SAP system, read once from the connection's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from distportal.systems.erp.idoc_file.segments import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Partners, form and layouts; `organization` is by the qualifier of E1EDK14, blank where nothing is sent."""

    sender: str
    receiver: str
    form: Literal["flat", "xml"]
    client: str
    test: bool
    organization: Mapping[str, str]
    partner_field: str
    item_qualifier: str
    item_segment: tuple[str, int]
    changes: bool
    prices: bool
    encoding: str
    layouts: Mapping[str, Layout]
    price_conditions: tuple[str, ...]
    price_units: tuple[str, ...]
    price_keys: Mapping[str, Layout]
    currency: str
    net_days: int
