"""Addresses of what staff and dealers read across apps."""

from django.urls import path

from orders.ops import chain

urlpatterns = [path("chain/<uuid:correlation_id>/", chain.show, name="chain")]
