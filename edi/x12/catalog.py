"""Which sets and releases we read and write, and the group each set travels in."""

from __future__ import annotations

FUNCTIONAL_IDS: dict[str, str] = {"850": "PO", "855": "PR", "856": "SH", "810": "IN", "997": "FA"}
"""ST01 -> GS01."""

RELEASES = ("004010", "005010")


def release_of(version: str) -> str:
    """The release behind a GS08 such as 004010VICS, or "" when we have no maps for it."""
    return next((r for r in RELEASES if version.startswith(r)), "")


def interchange_version(release: str) -> str:
    """ISA12 for a release: 00401 or 00501."""
    return f"{release[:3]}{release[3:5]}" if release else "00401"
