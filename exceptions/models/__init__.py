"""Cases and what surrounds them: queues, routing rules, skills, runbooks as this site has them."""

from exceptions.models.case import Case, CaseEntry
from exceptions.models.queue import Queue
from exceptions.models.routing import RoutingRule, StaffSkill
from exceptions.models.runbook import RunbookEdit

__all__ = ["Case", "CaseEntry", "Queue", "RoutingRule", "RunbookEdit", "StaffSkill"]
