"""The kinds of ERP adapters: one line each. A kind is reached by these names only, nobody imports it."""

from __future__ import annotations

from dataclasses import dataclass

_ERP = "distportal.systems.erp"


@dataclass(frozen=True, slots=True)
class AdapterKind:
    """Dotted names of a kind's frozen settings class, and of what makes the adapter from such settings."""

    settings: str
    adapter: str


KINDS: dict[str, AdapterKind] = {
    "sandbox": AdapterKind(f"{_ERP}.sandbox_rest.SandboxSettings", f"{_ERP}.sandbox_rest.connect"),
    "rest": AdapterKind(f"{_ERP}.rest.settings.RestSettings", f"{_ERP}.rest.adapter.RestErp"),
    "tryton": AdapterKind(f"{_ERP}.tryton.settings.TrytonSettings", f"{_ERP}.tryton.adapter.TrytonErp"),
    "sap_odata": AdapterKind(f"{_ERP}.sap_odata.settings.SapSettings", f"{_ERP}.sap_odata.adapter.SapErp"),
    "csv_file": AdapterKind(f"{_ERP}.csv_file.adapter.CsvSettings", f"{_ERP}.csv_file.adapter.connect"),
    "idoc_file": AdapterKind(f"{_ERP}.idoc_file.settings.IdocSettings", f"{_ERP}.idoc_file.settings.connect"),
}
