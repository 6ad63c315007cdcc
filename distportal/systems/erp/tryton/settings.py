"""What a connection to a Tryton needs to know. Secrets are named apart from the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TrytonSettings:
    """`key` is the bearer key of a user application "rest". Tables left out mean: the codes are the same.

    `warehouses`: our code -> location code. `units`: Tryton's unit name -> X12 element 355. `customers`: our account ->
    party code. `ship_tos`: our ship-to -> address id; others are found by the address's "Party Name". `key_prefix`
    begins the portal's references: feeds pass over the sales of others. `company` is the company's party name, needed
    only where the key's user sees several. `amendments`: the module sale_amendment is active, so that orders in process
    can be changed. `credit_limits`: the module account_credit_limit is active;
    `unlimited_credit` stands for a party without a limit.
    """

    url: str
    database: str
    key: str = field(repr=False, metadata={"secret": True})
    warehouses: Mapping[str, str]
    units: Mapping[str, str]
    key_prefix: str = "NL-"
    company: str = ""
    default_warehouse: str = ""
    customers: Mapping[str, str] = field(default_factory=dict)
    ship_tos: Mapping[str, int] = field(default_factory=dict)
    amendments: bool = False
    credit_limits: bool = False
    unlimited_credit: Decimal = Decimal(999_999_999)
    read_timeout: float = 20.0
    write_timeout: float = 60.0
    settle_seconds: float = 120.0
    feed_overlap_seconds: float = 120.0
