"""What signing in holds of people, and the back office's own log."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry

from distportal.accounts.personal import DataClass, Held, OnErasure, hold

WHO, T, K, S = DataClass.IDENTITY, DataClass.TRACE, DataClass.CONTENT, DataClass.SECRET

hold(Held(model=EmailAddress, owners=("user",), fields={"email": WHO}, on_erasure=OnErasure.REMOVED))
hold(
    Held(
        model=UserSession, owners=("user",), fields={"ip": T, "user_agent": T, "session_key": S},
        shown=("created_at", "last_seen_at"), on_erasure=OnErasure.REMOVED,
    )
)  # fmt: skip
hold(Held(model=Authenticator, owners=("user",), fields={"data": S}, on_erasure=OnErasure.REMOVED))
hold(
    Held(
        model=LogEntry, owners=("user",), fields={"object_repr": K, "change_message": K}, shown=("action_time",),
        why="who changed what in the back office",
    )
)  # fmt: skip
