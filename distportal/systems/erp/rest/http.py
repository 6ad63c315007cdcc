"""HTTP to an ERP that implements our contract."""

from __future__ import annotations

from distportal.systems.contract_http import ContractHttp
from distportal.systems.erp.rest.settings import RestSettings
from distportal.systems.outcomes import ERP


class RestHttp(ContractHttp):
    """The client of a connection's settings."""

    def __init__(self, settings: RestSettings) -> None:
        header = (settings.auth_header, settings.auth_prefix + settings.secret)
        limits = {"read": settings.read_timeout, "write": settings.write_timeout}
        super().__init__(ERP, settings.url, header, **limits)
