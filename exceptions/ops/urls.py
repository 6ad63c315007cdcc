"""Addresses of the exception desk."""

from django.urls import path

from exceptions.ops import (
    alerts,
    bulk,
    checks,
    handling,
    incidents,
    queue,
    rules,
    runbooks,
    supervisor,
    views,
)

app_name = "desk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("next/", queue.take, name="take"),
    path("views/keep/", queue.keep_view, name="keep_view"),
    path("views/<int:view_id>/forget/", queue.forget_view, name="forget_view"),
    path("many/choose/", bulk.choose, name="bulk_choose"),
    path("many/<uuid:run_id>/", bulk.bulk, name="bulk"),
    path("many/<uuid:run_id>/run/", bulk.run_bulk, name="bulk_run"),
    path("many/<uuid:run_id>/undo/", bulk.undo, name="bulk_undo"),
    path("many/<uuid:run_id>/result.csv", bulk.result, name="bulk_result"),
    path("incidents/", incidents.index, name="incidents"),
    path("incidents/<int:number>/", incidents.incident, name="incident"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("supervisor/", supervisor.supervisor, name="supervisor"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<int:rule_id>/", rules.rules, name="rule"),
    path("rules/<int:rule_id>/drop/", rules.drop, name="rule_drop"),
    path("rules/skills/", rules.skills, name="skills"),
    path("checks/", checks.policies, name="policies"),
    path("checks/<int:policy_id>/", checks.policies, name="policy"),
    path("checks/<int:policy_id>/drop/", checks.drop, name="policy_drop"),
    path("runbooks/", runbooks.index, name="runbooks"),
    path("runbooks/<str:kind>/", runbooks.runbook, name="runbook"),
    path("<int:number>/", views.case, name="case"),
    path("<int:number>/looking/", handling.looking, name="looking"),
    path("<int:number>/do/<slug:step>/", handling.handle, name="handle"),
    path("<int:number>/claim/", views.claim, name="claim"),
    path("<int:number>/comment/", views.comment, name="comment"),
    path("<int:number>/check/<uuid:edit_id>/", checks.check, name="check"),
    path("<int:number>/act/<slug:action>/", views.act, name="act"),
]
