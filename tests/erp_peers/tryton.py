"""Real Tryton as a process, with a copy of a base database that is made once for each set of pins."""

from __future__ import annotations

import datetime as dt
import os
import pathlib
import sqlite3
import subprocess

import httpx

from distportal.common.ports import KeptPort
from tests.erp_peers import tryton_rpc, tryton_seed
from tests.erp_peers.server import Server
from tests.erp_peers.tryton_rpc import TrytonStaff
from tests.erp_peers.venv import fingerprint, made_once, peers_environment

DATABASE = "erp"
MODULES = (
    "account_credit_limit", "account_invoice_stock", "sale_amendment", "sale_price_list", "sale_supply", "stock_supply",
)  # fmt: skip
CONFIG = """[database]
uri = sqlite://
path = {folder}
language = en
[web]
listen = 127.0.0.1:{port}
"""


class TrytonProcess:
    """One server on a free port; its database in `folder` outlives a stop."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.database = folder / f"{DATABASE}.sqlite"
        self._port = KeptPort()
        self.config = folder / "trytond.conf"
        self.config.write_text(CONFIG.format(folder=folder, port=self._port.number))
        command = [str(peers_environment() / "bin" / "trytond"), "-c", str(self.config), "-d", DATABASE]
        self._server = Server(command, f"http://127.0.0.1:{self._port.number}", folder / "tryton.log")
        self.url = self._server.url
        self.stop, self.kill = self._server.stop, self._server.kill

    def start(self) -> None:
        """Answering when this returns."""
        self._server.start(_version)

    def staff(self, login: str, password: str) -> TrytonStaff:
        """A member of Tryton's staff, signed in."""
        return TrytonStaff(self.url, DATABASE, login, password)

    def sql(self, statement: str, *values: object) -> None:
        """What only a crash could do: change the database while the server is down."""
        with sqlite3.connect(self.database) as base:
            base.execute(statement, values)


def tryton_base() -> pathlib.Path:
    """The folder of the seeded base database and the portal's key; made once a machine for each set of versions."""
    sources = [pathlib.Path(module.__file__ or "").read_text() for module in (tryton_rpc, tryton_seed)]
    year = str(dt.datetime.now(dt.UTC).year)  # the books are open for this year and the next
    return made_once(f"tryton-{fingerprint(*sources, *MODULES, year)}", _make_base)


def tryton_copy(folder: pathlib.Path) -> tuple[TrytonProcess, str]:
    """A seeded Tryton in `folder`, not yet started, and the portal's key to it."""
    base = tryton_base()
    process = TrytonProcess(folder)
    _copy(base / f"{DATABASE}.sqlite", process.database)
    return process, (base / "key").read_text()


def _make_base(folder: pathlib.Path) -> None:
    process, passwords = TrytonProcess(folder), folder / "password"
    process.database.touch()
    passwords.write_text(tryton_seed.ADMIN[1])
    command = [str(peers_environment() / "bin" / "trytond-admin"), "-c", str(process.config), "-d", DATABASE]
    command += ["--email", "admin@example.com", "-u", *MODULES, "--activate-dependencies"]
    subprocess.run(command, check=True, env={**os.environ, "TRYTONPASSFILE": str(passwords)}, capture_output=True)
    process.start()
    try:
        (folder / "key").write_text(tryton_seed.seed_tryton(process.staff(*tryton_seed.ADMIN)))
    finally:
        process.stop()


def _copy(source: pathlib.Path, target: pathlib.Path) -> None:
    # A plain copy of the file would leave out what still lies in its write-ahead log.
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)


def _version(client: httpx.Client) -> httpx.Response:
    return client.post("/rpc/", json={"id": 1, "method": "common.server.version", "params": []})
