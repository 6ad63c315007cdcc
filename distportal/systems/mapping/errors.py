"""What a caller of the mapping processes can act on."""

from __future__ import annotations

from distportal.common.errors import Conflict, Invalid


class BadMapping(Invalid):
    """The mapping does not fit; nothing was saved."""

    code = "bad_mapping"


class MappingTaken(Conflict):
    """Their code means something else on some of these days already; nothing was saved."""

    code = "mapping_taken"
