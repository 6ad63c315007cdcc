"""Addresses of code mappings."""

from django.urls import path

from orders.ops.mappings import imports, missing, tables

app_name = "mappings"
urlpatterns = [
    path("", tables.table, name="table"),
    path("export/", tables.export, name="export"),
    path("save/", tables.save, name="save"),
    path("<int:pk>/end/", tables.end, name="end"),
    path("missing/", missing.missing_list, name="missing"),
    path("missing/<int:pk>/", missing.missing_code, name="code"),
    path("missing/<int:pk>/map/", missing.map_missing, name="map"),
    path("missing/<int:pk>/ignore/", missing.ignore_missing, name="ignore"),
    path("import/", imports.upload, name="import"),
    path("import/<uuid:pk>/", imports.preview, name="preview"),
    path("import/<uuid:pk>/apply/", imports.apply, name="apply"),
    path("import/<uuid:pk>/problems/", imports.problems, name="problems"),
]
