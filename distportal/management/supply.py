"""What the product is built on: each package of the lock with version, hashes and licence, as a bill of materials."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path
from typing import Any

_PACKAGE = re.compile(
    r"^([a-z0-9][a-z0-9._-]*)==(\S+?)(?:\s*;[^\\\n]*)?\s*\\?\n((?:\s+--hash=sha256:\w+\s*\\?\n)+)", re.MULTILINE
)
_LONGEST = 60


def bill_of_materials(lock: Path) -> dict[str, Any]:
    """CycloneDX 1.6. A package that this platform does not need is in it, too, without a licence."""
    components = [_component(*found) for found in _PACKAGE.findall(lock.read_text())]
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}


def pins_of(lock: Path) -> dict[str, str]:
    """The version of each package of the lock."""
    return {name: version for name, version, _ in _PACKAGE.findall(lock.read_text())}


def licences_of(name: str) -> list[str]:
    """What a package that is installed says of its licence, in its own words; empty where it is not installed."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return []
    classifiers = [c for c in told.get_all("Classifier") or [] if c.startswith("License")]
    said = [(told.get_all("License-Expression") or [""])[0], *(c.rpartition("::")[2].strip() for c in classifiers)]
    short = (told.get_all("License") or [""])[0].split("\n")[0].strip()
    return [one for one in said if one] or ([short[:_LONGEST]] if short else [])


def _component(name: str, version: str, hashes: str) -> dict[str, Any]:
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "hashes": [{"alg": "SHA-256", "content": one} for one in re.findall(r"sha256:(\w+)", hashes)],
        "licenses": [{"license": {"name": one}} for one in licences_of(name)],
    }
