"""The pyx12 maps of this process, each loaded once. They are read-only after loading, so threads may share them."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyx12.map_if
import pyx12.params

MAPS = Path(__file__).resolve().parent / "maps"

# pyx12 logs a line per finding; findings are ours to tell.
logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)


@lru_cache(maxsize=64)
def load_map(release: str, set_id: str) -> Any:
    """The pyx12 map of one set. Raises OSError when we have none."""
    # ParamsBase reads no configuration files of the machine, unlike `params`.
    return pyx12.map_if.load_map_file(f"{set_id}.xml", pyx12.params.ParamsBase(), str(MAPS / release))


@lru_cache(maxsize=64)
def known_segments(release: str, set_id: str) -> frozenset[str]:
    """Every segment id that occurs anywhere in the set."""
    nodes = load_map(release, set_id).loop_segment_iterator()
    return frozenset(node.id for node in nodes if not node.is_map_root() and node.is_segment())
