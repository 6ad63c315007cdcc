"""What webhooks refuse."""

from __future__ import annotations

from distportal.common.errors import Invalid


class AddressRefused(Invalid):
    """We send nothing to such an address: it is not https, or it leads into a private network."""

    code = "address_refused"
