"""What can be switched while the ERP runs."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, fields

from .errors import Invalid


@dataclass
class Config:
    """Seconds of 0 mean "by hand". `unique_reference` refuses a second live order with the same reference;
    `webhook_url` is where the carrier posts its events, signed with `webhook_secret`. What leaves `freight_plant` goes
    by freight (RRFT), which the parcel carrier knows nothing of. Its people make mistakes where they are told to:
    orders with a PO number in `overbilled` are billed above their price, and the CRM has no account of a customer in
    `crm_without`. What is wanted on a later day leaves on that day; a PO number in `early` leaves sooner. All three are
    lists with commas.
    """

    auto_ship_after: float = 0.0
    auto_invoice_after: float = 0.0
    auto_credit_after: float = 0.0
    unique_reference: bool = False
    auto_pick_after: float = 0.0
    auto_track_after: float = 0.0
    webhook_url: str = ""
    webhook_secret: str = ""
    freight_plant: str = ""
    overbilled: str = ""
    crm_without: str = ""
    early: str = ""


class LiveConfig:
    """The configuration, changed as a whole."""

    def __init__(self, start: Config) -> None:
        self._lock = threading.Lock()
        self._now = start

    @property
    def now(self) -> Config:
        """The configuration in force."""
        return self._now

    def change(self, values: dict[str, object]) -> dict[str, object]:
        """The configuration after the change. Raises Invalid for an unknown name."""
        names = {f.name for f in fields(Config)}
        if unknown := sorted(set(values) - names):
            raise Invalid("config_unknown", f"unknown switches: {', '.join(unknown)}")
        with self._lock:
            merged = {**asdict(self._now), **values}
            self._now = Config(
                float(str(merged["auto_ship_after"])),
                float(str(merged["auto_invoice_after"])),
                float(str(merged["auto_credit_after"])),
                bool(merged["unique_reference"]),
                float(str(merged["auto_pick_after"])),
                float(str(merged["auto_track_after"])),
                str(merged["webhook_url"]),
                str(merged["webhook_secret"]),
                str(merged["freight_plant"]),
                str(merged["overbilled"]),
                str(merged["crm_without"]),
                str(merged["early"]),
            )
            return asdict(self._now)
