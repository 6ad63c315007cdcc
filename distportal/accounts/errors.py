"""What can go wrong with accounts and the wall between them."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured


class NoDealerRole(ImproperlyConfigured):
    """The database has no role for dealers' requests, and we may not make one."""

    def __init__(self, role: str, owner: str) -> None:
        super().__init__(
            f"The database role {role}, under which dealers' requests run, does not exist, and {owner} may not "
            "create it. Migrations are done; no policy was changed. As a database administrator run: "
            f'CREATE ROLE "{role}" NOLOGIN; GRANT "{role}" TO "{owner}"; then `manage.py migrate` again. '
            "To run with the portal's own checks alone, set DEALER_DATABASE_ROLE to nothing."
        )
