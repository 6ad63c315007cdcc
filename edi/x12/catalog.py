"""Which sets and releases we read and write, and the group each set travels in."""

from __future__ import annotations

import re

FUNCTIONAL_IDS: dict[str, str] = {
    "850": "PO",
    "855": "PR",
    "860": "PC",
    "865": "CA",
    "856": "SH",
    "214": "QM",
    "810": "IN",
    "820": "RA",
    "812": "CD",
    "846": "IB",
    "832": "SC",
    "180": "AN",
    "940": "OW",
    "945": "SW",
    "943": "AR",
    "944": "RE",
    "824": "AG",
    "997": "FA",
    "999": "FA",
}
"""ST01 -> GS01, the one table of sets; the maps are made for all of them."""

_ONLY_IN: dict[str, str] = {"999": "005010"}
RELEASES = ("004010", "005010")
_NEIGHBOURS = {"004010": re.compile(r"0040[1-6]0"), "005010": re.compile(r"0050[1-5]0")}


def release_of(version: str) -> str:
    """The release behind a GS08 such as 004010VICS, or "" when we have no maps for it."""
    return next((r for r in RELEASES if version.startswith(r)), "")


def judged_as(version: str) -> str:
    """The release whose maps judge a GS08 of it or of a neighbouring release, for partners who agreed to that.

    004010 judges 004010 to 004060 and 005010 judges 005010 to 005050, with suffixes such as VICS; "" for all others.
    """
    return next((release for release, near in _NEIGHBOURS.items() if near.match(version)), "")


def is_known(set_id: str, release: str) -> bool:
    """Whether we have a map of the set in the release (999 exists in 005010 alone)."""
    return set_id in FUNCTIONAL_IDS and _ONLY_IN.get(set_id, release) == release


def interchange_version(release: str) -> str:
    """ISA12 for a release: 00401 or 00501."""
    return f"{release[:3]}{release[3:5]}" if release else "00401"
