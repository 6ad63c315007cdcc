"""Serial shipping container codes: the number on a carton (GS1 SSCC-18)."""

from __future__ import annotations

from distportal.canonical.shipments import Shipment
from edi.x12.errors import WriteError


def check_digit(digits: str) -> str:
    """The GS1 check digit of a number: weights 3 and 1 from the right. Raises WriteError for anything but digits."""
    if not (digits.isascii() and digits.isdecimal()):
        raise WriteError(f"{digits!r} is not a number.")
    total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def sscc18(prefix: str, serial: int, *, extension: str = "0") -> str:
    """18 digits: extension, GS1 company prefix, serial, check digit.

    Raises WriteError when prefix and serial do not fit into 16 digits.
    """
    width = 16 - len(prefix)
    if not (prefix.isascii() and prefix.isdecimal() and 7 <= len(prefix) <= 10):
        raise WriteError(f"The GS1 company prefix {prefix!r} must have 7 to 10 digits.")
    if not 0 <= serial < 10**width:
        raise WriteError(f"The carton serial {serial} does not fit behind the prefix {prefix}; a new prefix is needed.")
    digits = f"{extension}{prefix}{serial:0{width}d}"
    return digits + check_digit(digits)


def carton_codes(shipment: Shipment, *, sscc_prefix: str, sscc_serial: int) -> dict[int, str]:
    """Carton number -> SSCC-18 for each carton that holds a line, serials counted up from `sscc_serial`."""
    cartons = sorted({line.carton for line in shipment.lines})
    return {carton: sscc18(sscc_prefix, sscc_serial + index) for index, carton in enumerate(cartons)}
