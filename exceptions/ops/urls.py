"""Addresses of the exception desk."""

from django.urls import path

from exceptions.ops import bulk, queue, runbooks, views

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
    path("runbooks/", runbooks.index, name="runbooks"),
    path("runbooks/<str:kind>/", runbooks.runbook, name="runbook"),
    path("<int:number>/", views.case, name="case"),
    path("<int:number>/claim/", views.claim, name="claim"),
    path("<int:number>/comment/", views.comment, name="comment"),
    path("<int:number>/act/<slug:action>/", views.act, name="act"),
]
