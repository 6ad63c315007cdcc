"""`python -m edi.x12.mapgen` writes the maps; `--check` compares and fails when a file differs."""

from __future__ import annotations

import sys

from edi.x12.mapgen.folders import differing_maps, write_maps


def main(arguments: list[str]) -> int:
    """Exit code: 0 when written or equal, 1 when `--check` found differences."""
    if "--check" not in arguments:
        sys.stdout.write(f"{len(write_maps())} map files written\n")
        return 0
    differing = differing_maps()
    for name in differing:
        sys.stdout.write(f"differs from the tables: {name}; run python -m edi.x12.mapgen\n")
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
