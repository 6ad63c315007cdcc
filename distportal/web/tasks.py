"""Sessions that have run out are of no use to anybody."""

from __future__ import annotations

from distportal.events.retention import Retention, keep

keep(
    Retention(
        name="sessions", table="django_session", clock="expire_date", key="session_key", age="expire_date", days=1
    )
)
keep(
    Retention(
        name="sign_ins",
        table="usersessions_usersession",
        age="""CASE WHEN kept.last_seen_at >= %(before)s OR NOT EXISTS (
                 SELECT FROM django_session s WHERE s.session_key = kept.session_key) THEN kept.last_seen_at END""",
        days=30,
    )
)
