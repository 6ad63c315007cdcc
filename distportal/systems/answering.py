"""What the rows of calls say of a system: whether it answered, also with a no, or left us without an answer."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.db.models import Q

from distportal.systems.logistics import limits_of
from distportal.systems.models import ErpConnection, LogisticsConnection
from distportal.systems.registry import system_name

_ANSWERS = ("ok", "rejected", "conflict", "outofstep")
SILENCE = ("transient", "unknownoutcome", "authfailed", "crashed")
"""How calls end that say something of the system; a plain no says something of what was asked."""
_POLITE = ("busy", "too_late")
ANSWERED = Q(outcome__in=_ANSWERS)
"""A refusal is an answer: the system is well, whatever it thinks of what was asked."""
UNWELL = Q(outcome__in=SILENCE) & ~(Q(error_code__endswith=".busy") | Q(error_code__endswith=".too_late"))
"""It did not answer, or not so that anybody can go on. What we could not even ask, for lack of a code, is neither."""
_LAST = """
SELECT told.system
  FROM unnest(%(systems)s::text[]) AS told (system)
  JOIN LATERAL (SELECT c.outcome
                  FROM systems_systemcall c
                 WHERE c.system = told.system AND c.ended_at > clock_timestamp() - interval '15 minutes'
                   AND c.outcome = ANY(%(telling)s) AND split_part(c.error_code, '.', -1) <> ALL(%(polite)s)
                 ORDER BY c.ended_at DESC
                 LIMIT 1) last ON last.outcome = ANY(%(silence)s)
 ORDER BY told.system
"""


def silent_systems() -> list[str]:
    """The systems whose last call of a quarter of an hour got no answer; three queries, and no call to anybody."""
    stored = ErpConnection.objects.values_list("name", "active")
    off = {name for name, active in stored if not active}
    names = [system_name(name) for name in {*settings.ERP_ADAPTERS, *(name for name, _ in stored)} - off]
    names += [limits_of(row).system for row in LogisticsConnection.objects.filter(active=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            _LAST,
            {"systems": names, "telling": [*_ANSWERS, *SILENCE], "polite": list(_POLITE), "silence": list(SILENCE)},
        )
        return [str(system) for (system,) in cursor.fetchall()]
