"""The control tower's address: it stands above all apps."""

from django.urls import path

from edi.ops.tower import tower

urlpatterns = [path("tower/", tower, name="tower")]
