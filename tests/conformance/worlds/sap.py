"""A SAP-shaped peer made by others. Its staff deliver by BAPI and bill by IDoc."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from typing import Any

from distportal.systems.erp.port import ErpPort, OrderState
from distportal.systems.erp.sap_odata.adapter import SapErp
from distportal.systems.erp.sap_odata.settings import SapSettings
from tests.conformance.worlds.base import World
from tests.erp_peers.proxy import FaultProxy
from tests.erp_peers.sap import PORTAL, SapProcess


class SapWorld(World):
    """One step: an order is saved whole. The peer has neither stock nor prices, and bills an order as a whole."""

    offers = frozenset({"customer", "restart", "change", "add_line"})
    sku, price = "TG11", "8.80"
    other_sku, other_price = "TG31", "13.05"
    create_path, find_path = "/API_SALES_ORDER_SRV/A_SalesOrder$", "/API_SALES_ORDER_SRV/A_SalesOrder$"
    change_paths = ("/API_SALES_ORDER_SRV/[$]batch$",)
    changes_rest = True
    steps = 1

    def __init__(self, folder: pathlib.Path) -> None:
        self.process = SapProcess(folder)
        self.process.start()
        self.proxy = FaultProxy(self.process.url)

    @property
    def bad_secret(self) -> dict[str, str]:
        return {"password": "wrong"}

    def erp(self, **changes: Any) -> ErpPort:
        values: dict[str, Any] = {
            "url": f"{self.proxy.url}/sap/opu/odata/sap", "user": PORTAL[0], "password": PORTAL[1],
            "sales_organization": "1710", "plants": {"RENO": "1710", "DAYTON": "1010"}, "units": {"EA": "PC"},
            "customers": {"HARBOR": "1000001"}, "ship_tos": {"HARBOR-01": "1000002"},
            # This peer's ways: no item field for our line number, prices by net amount, another change stamp
            "line_key_field": "PurchaseOrderByCustomer", "item_net_amount": True,
            "change_field": "LastChangeDate", "change_literal": "datetime",
            "settle_seconds": self.settle, "write_timeout": 2.0, "feed_overlap_seconds": 5.0,
        }  # fmt: skip
        return SapErp(SapSettings(**{**values, **changes}))

    def held(self, order_key: str) -> list[str]:
        return [str(order["SalesOrder"]) for order in self.process.orders(order_key)]

    def enter_again(self, order_key: str) -> None:
        body = {
            "SalesOrderType": "OR", "SalesOrganization": "1710", "DistributionChannel": "10",
            "OrganizationDivision": "00", "SoldToParty": "1000001", "TransactionCurrency": "USD",
            "PurchaseOrderByCustomer": order_key,
            "to_Item": [{"Material": self.sku, "RequestedQuantity": "2", "NetAmount": "17.60", "Plant": "1710"}],
        }  # fmt: skip
        self.process.call("/sap/opu/odata/sap/API_SALES_ORDER_SRV/A_SalesOrder", body)

    def ship(self, state: OrderState, quantities: Mapping[str, int]) -> None:
        [order] = self.process.orders(state.order_key)
        items = [
            {"REF_DOC": state.erp_id, "REF_ITEM": item["SalesOrderItem"],
             "DLV_QTY": str(quantities[item["PurchaseOrderByCustomer"]])}
            for item in order["to_Item"]["results"]
            if quantities.get(item["PurchaseOrderByCustomer"])
        ]  # fmt: skip
        reply = self.process.call("/sap/bc/rfc/BAPI_OUTB_DELIVERY_CREATE_SLS", {"SALES_ORDER_ITEMS": items}).json()
        assert reply["DELIVERY"], reply

    def bill(self, state: OrderState) -> str:
        body = {"mestyp": "INVOIC", "SalesOrder": state.erp_id}
        reply = self.process.call("/sap/bc/idoc/generate?format=xml", body)
        return reply.text.partition("<QUALF>009</QUALF><BELNR>")[2].partition("<")[0]

    def slow_down(self) -> None:
        self.process.fault(method="POST", match="A_SalesOrder", scenario="slow", count=1)

    def kill_and_start(self) -> None:
        self.process.kill()
        self.process.start()

    def well(self) -> None:
        self.process.well()
        super().well()

    def stop(self) -> None:
        self.proxy.stop()
        self.process.stop()
