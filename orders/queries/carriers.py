"""What people call a carrier, and where it shows a parcel itself."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings

KNOWN: dict[str, tuple[str, str]] = {
    "UPSN": ("UPS", "https://www.ups.com/track?tracknum={number}"),
    "UPS": ("UPS", "https://www.ups.com/track?tracknum={number}"),
    "FDEG": ("FedEx Ground", "https://www.fedex.com/fedextrack/?trknbr={number}"),
    "FDE": ("FedEx Express", "https://www.fedex.com/fedextrack/?trknbr={number}"),
    "FDX": ("FedEx", "https://www.fedex.com/fedextrack/?trknbr={number}"),
    "FEDEX": ("FedEx", "https://www.fedex.com/fedextrack/?trknbr={number}"),
    "FXFE": ("FedEx Freight", "https://www.fedex.com/fedextrack/?trknbr={number}"),
    "USPS": ("USPS", "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}"),
}
"""By SCAC, or by the word that an ERP writes instead: the name, and the carrier's own page with `{number}` in it."""


def carrier_called(carrier: str) -> str:
    """`UPS` of `UPSN`; what nobody named stays as it was told."""
    return KNOWN.get(carrier.upper(), (carrier, ""))[0]


def tracking_page(carrier: str, number: str) -> str:
    """The carrier's own page of a parcel, empty where none is known. `TRACKING_PAGES` of the site comes first; what
    does not lead to an https address leads nowhere.
    """
    page = settings.TRACKING_PAGES.get(carrier.upper()) or KNOWN.get(carrier.upper(), ("", ""))[1]
    if not number or not page.startswith("https://"):
        return ""
    return page.replace("{number}", quote(number, safe=""))
