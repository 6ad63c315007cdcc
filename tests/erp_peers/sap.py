"""A SAP-shaped peer as a process: OData V2 with CSRF tokens, ETags and locks, made by others."""

from __future__ import annotations

import pathlib
from typing import Any

import httpx

from distportal.common.ports import KeptPort
from tests.erp_peers.server import Server
from tests.erp_peers.venv import peers_environment

PORTAL = ("portal", "portal-of-the-test-sap")


class SapProcess:
    """One server on a free port; its database in `folder` outlives a stop. Staff work by BAPI and IDoc."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._port = KeptPort()
        command = [str(peers_environment() / "bin" / "mock-sap"), "--port", str(self._port.number)]
        command += ["--db", str(folder / "sap.db"), "--auth", ":".join(PORTAL), "--require-if-match", "--quiet"]
        self._server = Server(command, f"http://127.0.0.1:{self._port.number}", folder / "sap.log")
        self.url = self._server.url
        self.stop, self.kill = self._server.stop, self._server.kill
        self._http = httpx.Client(base_url=self.url, auth=PORTAL, timeout=20)

    def start(self) -> None:
        """Answering when this returns."""
        self._server.start(lambda client: client.get("/_mock/health", auth=PORTAL))

    def call(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """A write of the staff's, with a CSRF token of its own."""
        reply = self._http.post(path, json=body, headers={**self._token(), "Accept": "application/json"})
        reply.raise_for_status()
        return reply

    def take_idoc(self, content: bytes, form: str) -> str:
        """The number under which the peer keeps an IDoc that came in."""
        kind = "application/xml" if form == "xml" else "text/plain"
        headers = {**self._token(), "Content-Type": kind, "Accept": "application/json"}
        reply = self._http.post("/sap/bc/idoc", content=content, headers=headers).raise_for_status().json()
        return str(reply.get("docnum") or reply.get("DOCNUM"))

    def idoc(self, number: str) -> str:
        """A kept IDoc with all that the peer made of it."""
        return self._http.get(f"/sap/bc/idoc/{number}").raise_for_status().text

    def orders(self, reference: str) -> list[dict[str, Any]]:
        """ALL orders with the reference, with their items."""
        options = {"$filter": f"PurchaseOrderByCustomer eq '{reference}'", "$expand": "to_Item", "$format": "json"}
        reply = self._http.get("/sap/opu/odata/sap/API_SALES_ORDER_SRV/A_SalesOrder", params=options)
        return list(reply.raise_for_status().json()["d"]["results"])

    def fault(self, **rule: Any) -> None:
        """A rule of the peer's own: the next matching request is locked, busy, refused."""
        self._http.post("/_mock/faults", json=rule).raise_for_status()

    def well(self) -> None:
        """No rules any more."""
        self._http.delete("/_mock/faults").raise_for_status()

    def requests(self) -> list[dict[str, Any]]:
        """What was asked of it lately, newest first."""
        return list(self._http.get("/_mock/requests", params={"limit": "20"}).json()["results"])

    def _token(self) -> dict[str, str]:
        service = "/sap/opu/odata/sap/API_SALES_ORDER_SRV/"
        reply = self._http.get(service, headers={"X-CSRF-Token": "Fetch"})
        return {"X-CSRF-Token": reply.headers["X-CSRF-Token"]}
