"""An ERP behind the published REST contract: the reference server as a process, the sandbox ERP behind it."""

from __future__ import annotations

import pathlib
import sys
from typing import Any

import httpx

from distportal.common.ports import KeptPort
from distportal.systems.erp.port import ErpPort
from distportal.systems.erp.rest.adapter import RestErp
from distportal.systems.erp.rest.settings import RestSettings
from tests.conformance.worlds.base import World
from tests.conformance.worlds.sandbox import SandboxWorld
from tests.erp_peers.proxy import Fault, FaultProxy, Kind
from tests.erp_peers.rest_server import SECRET
from tests.erp_peers.server import Server
from tests.sandbox import SandboxProcess


class RestWorld(SandboxWorld):
    """Steps, staff and offers are the sandbox's; the wire, its faults and the way in are those of the contract."""

    create_method, create_path, find_path = "PUT", "/v1/orders/[^/]+$", "^/v1/orders"
    step_path = create_path

    def __init__(self, folder: pathlib.Path) -> None:
        self.process = SandboxProcess(folder)
        self.process.start()
        self._port = KeptPort()
        command = [sys.executable, "-m", "tests.erp_peers.rest_server", "--port", str(self._port.number)]
        command += ["--erp-url", self.process.url, "--erp-token", self.process.token]
        self.server = Server(command, f"http://127.0.0.1:{self._port.number}", folder / "rest.log")
        self._start()
        self.proxy = FaultProxy(self.server.url)

    @property
    def bad_secret(self) -> dict[str, str]:
        return {"secret": "wrong"}

    def erp(self, **changes: Any) -> ErpPort:
        values: dict[str, Any] = {
            "url": self.proxy.url, "secret": SECRET, "order_key": "searchable", "write_timeout": 2.0,
            "settle_seconds": self.settle,
        }  # fmt: skip
        return RestErp(RestSettings(**{**values, **changes}))

    def fault(self, kind: Kind, **values: Any) -> None:
        World.fault(self, kind, **values)

    def step_fault(self, kind: Kind, **values: Any) -> None:
        self.proxy.next(Fault(kind=kind, method=self.create_method, path=self.step_path, **values))

    def kill_and_start(self) -> None:
        self.server.kill()
        super().kill_and_start()
        self._start()

    def stop(self) -> None:
        self.server.stop()
        super().stop()

    def _start(self) -> None:
        def answers(client: httpx.Client) -> httpx.Response:
            return client.get("/v1/health", headers={"Authorization": f"Bearer {SECRET}"})

        self.server.start(answers)
