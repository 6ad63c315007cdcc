"""The ERPs that the suite runs against: one line each. A file adapter joins by a world of its own."""

from __future__ import annotations

from tests.conformance.worlds.base import World
from tests.conformance.worlds.files import CsvWorld, SftpWorld
from tests.conformance.worlds.idocs import IdocWorld
from tests.conformance.worlds.rest import RestWorld
from tests.conformance.worlds.sandbox import SandboxWorld
from tests.conformance.worlds.sap import SapWorld
from tests.conformance.worlds.tryton import TrytonWorld

WORLDS: dict[str, type[World]] = {
    "sandbox": SandboxWorld,
    "rest": RestWorld,
    "tryton": TrytonWorld,
    "sap_odata": SapWorld,
    "csv_file": CsvWorld,
    "csv_file_sftp": SftpWorld,
    "idoc_file": IdocWorld,
}
# Those that are reached over a wire, on which replies get lost.
WIRED = ("sandbox", "rest", "tryton", "sap_odata")
