"""Addresses of the partner pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from edi.ops import onboarding, partners, scorecards

partner_paths: list[URLPattern] = [
    path("partners/", partners.partner_list, name="partners"),
    path("partners/new/", onboarding.new_partner, name="new_partner"),
    path("partners/import/", onboarding.import_file, name="import_partner"),
    path("partners/samples/<uuid:onboarding_id>/", onboarding.samples, name="samples"),
    path("partners/samples/<uuid:onboarding_id>/try/", onboarding.try_orders, name="try_samples"),
    path("partners/<str:code>/", partners.partner, name="partner"),
    path("partners/<str:code>/stage/", partners.change_stage, name="change_stage"),
    path("partners/<str:code>/rehearse/<str:exchange>/", partners.rehearse, name="rehearse"),
    path("scorecards/", scorecards.overview, name="scorecards"),
    path("partners/<str:code>/scorecard/", scorecards.scorecard, name="scorecard"),
    path("partners/<str:code>/scorecard/rows/", scorecards.rows, name="scorecard_rows"),
    path("partners/<str:code>/export/", partners.export, name="export_partner"),
]
