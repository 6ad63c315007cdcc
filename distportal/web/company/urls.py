"""Addresses of the dealer's company pages."""

from __future__ import annotations

from django.urls import path

from distportal.web.company import edi, keys, overview, people, places, roles, sign_ins, webhooks

app_name = "company"
urlpatterns = [
    path("", overview.index, name="index"),
    path("switch/", overview.switch, name="switch"),
    path("second-factor/", overview.second_factor, name="second_factor"),
    path("people/", people.index, name="people"),
    path("people/invite/", people.invite_person, name="invite"),
    path("people/<uuid:membership_id>/", people.member, name="member"),
    path("people/<uuid:membership_id>/remove/", people.remove, name="remove"),
    path("people/<uuid:membership_id>/restore/", people.restore, name="restore"),
    path("invitations/<uuid:invitation_id>/again/", people.send_again, name="invite_again"),
    path("invitations/<uuid:invitation_id>/withdraw/", people.withdraw, name="withdraw"),
    path("addresses/", places.index, name="places"),
    path("addresses/new/", places.add, name="add_place"),
    path("addresses/<uuid:ship_to_id>/", places.change, name="place"),
    path("addresses/<uuid:ship_to_id>/use/", places.use, name="use_place"),
    path("keys/", keys.index, name="keys"),
    path("keys/make/", keys.make, name="make_key"),
    path("keys/<str:prefix>/replace/", keys.replace, name="replace_key"),
    path("keys/<str:prefix>/revoke/", keys.revoke, name="revoke_key"),
    path("webhooks/", webhooks.index, name="webhooks"),
    path("webhooks/make/", webhooks.make, name="make_webhook"),
    path("webhooks/<uuid:endpoint_id>/", webhooks.ENDPOINT.one, name="webhook"),
    path("webhooks/<uuid:endpoint_id>/change/", webhooks.ENDPOINT.change, name="change_webhook"),
    path("webhooks/<uuid:endpoint_id>/secret/", webhooks.ENDPOINT.rotate, name="rotate_webhook"),
    path("webhooks/<uuid:endpoint_id>/switch/", webhooks.ENDPOINT.switch, name="switch_webhook"),
    path("webhooks/<uuid:endpoint_id>/test/", webhooks.ENDPOINT.test, name="test_webhook"),
    path("webhooks/<uuid:endpoint_id>/again/", webhooks.ENDPOINT.again_range, name="again_webhooks"),
    path("webhooks/<uuid:endpoint_id>/again/<int:delivery_id>/", webhooks.ENDPOINT.again, name="again_webhook"),
    path("edi/", edi.index, name="edi"),
    path("sign-ins/", sign_ins.index, name="sign_ins"),
    path("roles/", roles.show, name="roles"),
]
