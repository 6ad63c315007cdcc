"""What a connection of the kind idoc_file needs."""

from __future__ import annotations

import codecs
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from distportal.systems.erp.files.adapter import FileErp
from distportal.systems.erp.files.codes import Codes
from distportal.systems.erp.files.place import Place
from distportal.systems.erp.idoc_file import master_segments, segments
from distportal.systems.erp.idoc_file.dialect import IdocDialect
from distportal.systems.erp.idoc_file.profile import Profile
from distportal.systems.errors import Misconfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class IdocSettings(Place):
    """`sender` and `receiver` are port, partner type and partner number of the partner profile (WE20), as PORT/KU/42.

    `segments` replaces layouts by the customer's own (WE60): {"E1EDL24": "POSNR:0+6 …"}. `price_keys` says how a
    condition table's key is made up: {"304": "VKORG:0+4 VTWEG:4+2 MATNR:6+18"}. Code tables are ours to theirs.
    `item_segment` is name and length of the E1EDP01 version that flat files have; below 315 it has no plant.
    """

    sender: str
    receiver: str
    form: Literal["flat", "xml"] = "flat"
    client: str = "100"
    test: bool = False
    sales_organization: str = ""
    distribution_channel: str = ""
    division: str = ""
    order_type: str = ""
    partner_field: Literal["PARTN", "LIFNR"] = "PARTN"
    item_qualifier: Literal["001", "002", "003"] = "002"
    item_segment: str = "E2EDP01003/304"
    order_changes: bool = False
    prices: bool = True
    encoding: str = "utf-8"
    units: Mapping[str, str] = field(default_factory=dict)
    warehouses: Mapping[str, str] = field(default_factory=dict)
    customers: Mapping[str, str] = field(default_factory=dict)
    ship_tos: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    price_conditions: tuple[str, ...] = ("PR00", "PPR0")
    price_units: tuple[str, ...] = ("EA",)
    price_keys: Mapping[str, str] = field(default_factory=dict)
    currency: str = "USD"
    net_days: int = 30
    answer_hours: float = 24.0

    def __post_init__(self) -> None:
        """Layouts and partners are read now, so that a slip is told when the connection is stored."""
        self.check_place()
        try:
            segments.layouts(self.segments, self.price_keys)
            codecs.lookup(self.encoding)
            _segment(self.item_segment)
            for name, partner in (("sender", self.sender), ("receiver", self.receiver)):
                port, kind, number = partner.split("/")
                if not (0 < len(port) <= 10 and len(kind) == 2 and 0 < len(number) <= 10):
                    raise ValueError(f"{name} is {partner!r}, not PORT/KU/NUMBER")
        except (ValueError, LookupError) as error:
            raise Misconfigured("erp.connection_invalid", f"idoc_file: {error}") from error


def connect(settings: IdocSettings) -> FileErp:
    """The adapter of a stored connection."""
    codes = Codes({name: getattr(settings, name) for name in ("units", "warehouses", "customers", "ship_tos", "items")})
    layouts = segments.layouts(segments.SEGMENTS, master_segments.SEGMENTS, settings.segments)
    profile = Profile(
        sender=settings.sender, receiver=settings.receiver, form=settings.form, client=settings.client,
        test=settings.test, organization={"008": settings.sales_organization, "007": settings.distribution_channel,
                                          "006": settings.division, "012": settings.order_type},
        partner_field=settings.partner_field, item_qualifier=settings.item_qualifier,
        item_segment=_segment(settings.item_segment), changes=settings.order_changes, prices=settings.prices,
        encoding=settings.encoding, layouts=layouts, price_conditions=settings.price_conditions,
        price_units=settings.price_units, price_keys=segments.layouts(settings.price_keys),
        currency=settings.currency, net_days=settings.net_days,
    )  # fmt: skip
    return FileErp(
        settings.open_folder(), IdocDialect(profile, codes), answer_within=dt.timedelta(hours=settings.answer_hours)
    )


def _segment(text: str) -> tuple[str, int]:
    name, _, length = text.partition("/")
    if not name.startswith("E2EDP01") or not length.isdigit() or not 304 <= int(length) <= 542:
        raise ValueError(f"item_segment is {text!r}, not of the form E2EDP01003/304")
    return name, int(length)
