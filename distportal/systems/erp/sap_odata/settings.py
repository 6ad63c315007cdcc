"""What a connection to an S/4HANA needs to know. Secrets are named apart from the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class SapSettings:
    """`url` ends before the service's name (".../sap/opu/odata/sap"). A customer that is not in the table has the same
    code on both sides.

    `plants`, `units`, `customers`, `ship_tos`: our code -> SAP's. `key_prefix` begins the portal's references: feeds
    pass over the orders of others. `price_condition` is the manual condition type that carries the agreed price.
    `rejection_reason`: what is cancelled is rejected with it and stays readable; without one it is deleted. `note_text`
    is the header text that keeps our note and mark. `line_key_field` is the item field for our line number.
    `change_field` is what the feeds walk by: where it is a day and no time, `feed_overlap_seconds` has to be two days.
    `item_net_amount`: the system takes an item's net amount as told instead of pricing it. `unlimited_credit`: credit
    figures are not in these services. `net_days`: nor is the due day.
    """

    url: str
    user: str
    password: str = field(repr=False, metadata={"secret": True})
    sales_organization: str
    plants: Mapping[str, str]
    units: Mapping[str, str]
    distribution_channel: str = "10"
    division: str = "00"
    order_type: str = "OR"
    key_prefix: str = "NL-"
    client: str = ""
    language: str = "EN"
    default_plant: str = ""
    customers: Mapping[str, str] = field(default_factory=dict)
    ship_tos: Mapping[str, str] = field(default_factory=dict)
    ship_to_function: str = "SH"
    price_condition: str = "PMP0"
    rejection_reason: str = ""
    note_text: str = "TX01"
    line_key_field: str = "UnderlyingPurchaseOrderItem"
    change_field: str = "LastChangeDateTime"
    change_literal: Literal["datetime", "datetimeoffset"] = "datetimeoffset"
    item_net_amount: bool = False
    net_days: int = 30
    unlimited_credit: Decimal = Decimal(999_999_999)
    read_timeout: float = 20.0
    write_timeout: float = 60.0
    settle_seconds: float = 120.0
    feed_overlap_seconds: float = 120.0
