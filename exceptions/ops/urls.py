"""Addresses of the exception desk."""

from django.urls import path

from exceptions.ops import runbooks, views

app_name = "desk"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("runbooks/", runbooks.index, name="runbooks"),
    path("runbooks/<str:kind>/", runbooks.runbook, name="runbook"),
    path("<int:number>/", views.case, name="case"),
    path("<int:number>/claim/", views.claim, name="claim"),
    path("<int:number>/comment/", views.comment, name="comment"),
    path("<int:number>/act/<slug:action>/", views.act, name="act"),
]
