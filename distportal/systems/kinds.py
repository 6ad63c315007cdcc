"""The kinds of adapters: one line each. A kind is reached by these names only, nobody imports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_ERP = "distportal.systems.erp"
Port = Literal["erp", "wms", "tms", "crm"]
_PLACES = frozenset(("unit", "warehouse", "customer", "ship_to"))


@dataclass(frozen=True, slots=True)
class AdapterKind:
    """Dotted names of a kind's frozen settings class, and of what makes the adapter from such settings; the kinds of
    codes that the adapter translates itself, by mapping tables and settings (the others are translated around it).

    `identity` names the settings that say which ERP it is: with another value it is another one, with other cursors.
    """

    settings: str
    adapter: str
    port: Port = "erp"
    translates: frozenset[str] = frozenset()
    identity: tuple[str, ...] = ("url",)


KINDS: dict[str, AdapterKind] = {
    "sandbox": AdapterKind(
        f"{_ERP}.sandbox_rest.SandboxSettings",
        f"{_ERP}.sandbox_rest.connect",
        translates=frozenset(("unit", "warehouse")),
    ),
    "rest": AdapterKind(f"{_ERP}.rest.settings.RestSettings", f"{_ERP}.rest.adapter.RestErp"),
    "tryton": AdapterKind(
        f"{_ERP}.tryton.settings.TrytonSettings",
        f"{_ERP}.tryton.adapter.TrytonErp",
        translates=_PLACES,
        identity=("url", "database", "company"),
    ),
    "sap_odata": AdapterKind(
        f"{_ERP}.sap_odata.settings.SapSettings",
        f"{_ERP}.sap_odata.adapter.SapErp",
        translates=_PLACES,
        identity=("url", "client", "sales_organization"),
    ),
    "csv_file": AdapterKind(
        f"{_ERP}.csv_file.adapter.CsvSettings",
        f"{_ERP}.csv_file.adapter.connect",
        translates=_PLACES | {"item"},
        identity=("folder",),
    ),
    "idoc_file": AdapterKind(
        f"{_ERP}.idoc_file.settings.IdocSettings",
        f"{_ERP}.idoc_file.settings.connect",
        translates=_PLACES | {"item"},
        identity=("folder", "receiver", "client"),
    ),
    "wms_rest": AdapterKind(
        "distportal.systems.wms.rest.WmsRestSettings", "distportal.systems.wms.rest.RestWms", "wms"
    ),
    "crm_rest": AdapterKind(
        "distportal.systems.crm.rest.CrmRestSettings", "distportal.systems.crm.rest.RestCrm", "crm"
    ),
    "tms_rest": AdapterKind(
        "distportal.systems.tms.rest.TmsRestSettings", "distportal.systems.tms.rest.RestTms", "tms"
    ),
}


def add_kind(name: str, kind: AdapterKind) -> None:
    """A kind whose adapter lives in an app above registers itself here."""
    KINDS[name] = kind


def kinds_of(port: Port) -> list[str]:
    """The names of a port's kinds."""
    return sorted(name for name, kind in KINDS.items() if kind.port == port)
