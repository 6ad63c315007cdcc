"""What the tables of accounts hold of people."""

from __future__ import annotations

from distportal.accounts.models import ApiKey, Invitation, Membership, ShipTo, User, Visit
from distportal.accounts.personal import DataClass, Held, OnErasure, hold

WHO, C, T, K, S = DataClass.IDENTITY, DataClass.CONTACT, DataClass.TRACE, DataClass.CONTENT, DataClass.SECRET

hold(
    Held(
        model=User, owners=("id",), shown=("is_active", "is_staff", "created_at"),
        why="nobody signs in as them any more",
        fields={"email": WHO, "name": WHO, "language": K, "time_zone": K, "last_login": T, "password": S},
    )
)  # fmt: skip
hold(
    Held(
        model=Membership, owners=("user",), fields={"role": K}, shown=("account", "active"), on_erasure=OnErasure.KEPT,
        why="leads to the pseudonym; switched off",
    )
)  # fmt: skip
hold(Held(model=Invitation, owners=("invited_by",), fields={"email": WHO, "nonce": S}, shown=("account", "role")))
hold(
    Held(
        model=Visit, owners=("staff", "person"), fields={"reason": K, "started_at": T}, shown=("account",),
        why="who of ours acted for whom",
    )
)  # fmt: skip
hold(
    Held(
        model=ApiKey, owners=("made_by",), fields={"name": K, "last_used_at": T, "hashed_key": S},
        shown=("account", "prefix"),
    )
)  # fmt: skip
hold(
    Held(
        model=ShipTo, fields={"name": C, "street": C, "city": C, "postcode": C}, on_erasure=OnErasure.KEPT,
        why="a company's place, which its administrators change",
    )
)  # fmt: skip
