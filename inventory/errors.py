"""What a caller of the inventory processes can act on."""

from __future__ import annotations

from distportal.common.errors import Invalid


class NowhereStocked(Invalid):
    """No warehouse is known to stock the item."""

    code = "nowhere_stocked"
