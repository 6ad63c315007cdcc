"""Cases and what surrounds them: incidents, queues, routing rules, skills, routines, runbooks, views, bulk runs."""

from exceptions.models.bulk import BulkEntry, BulkItem, BulkRun
from exceptions.models.case import Case, CaseEntry
from exceptions.models.edit import CaseEdit, EditPolicy
from exceptions.models.incident import Incident, IncidentStep, Subscription
from exceptions.models.queue import Queue
from exceptions.models.routine import Routine
from exceptions.models.routing import RoutingRule, StaffSkill
from exceptions.models.runbook import RunbookEdit
from exceptions.models.view import CaseView

__all__ = [
    "BulkEntry", "BulkItem", "BulkRun", "Case", "CaseEdit", "CaseEntry", "CaseView", "EditPolicy", "Incident",
    "IncidentStep", "Queue", "Routine", "RoutingRule", "RunbookEdit", "StaffSkill", "Subscription",
]  # fmt: skip
