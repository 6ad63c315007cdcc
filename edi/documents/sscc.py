"""Serial shipping container codes: the number on a carton or pallet (GS1 SSCC-18)."""

from __future__ import annotations

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


def plain_sscc(text: str) -> str:
    """The 18 digits of a code as people and MAN02 write it, with or without its (00).

    Raises WriteError for one that is no SSCC-18 or whose check digit is wrong.
    """
    digits = "".join(c for c in text if c not in "() ")
    if len(digits) == 20 and digits.startswith("00"):
        digits = digits[2:]
    if len(digits) != 18 or check_digit(digits[:17]) != digits[17]:
        raise WriteError(f"{text!r} is not an SSCC-18 with its right check digit.")
    return digits
