"""Addresses of returns."""

from django.urls import path

from orders.portal import returns

urlpatterns = [
    path("", returns.index, name="returns"),
    path("new/", returns.new, name="return_new"),
    path("<int:number>/", returns.detail, name="return"),
    path("<int:number>/withdraw/", returns.withdraw, name="return_withdraw"),
    path("<int:number>/receive/", returns.receive, name="return_receive"),
    path("<int:number>/label.pdf", returns.label, name="return_label"),
    path("photos/<uuid:photo_id>", returns.photo, name="return_photo"),
]
