"""Addresses of what staff and dealers read across apps."""

from django.urls import include, path

from orders.ops import chain, connections, notes

urlpatterns = [
    path("orders/<int:number>/notes/", notes.write, name="write_note"),
    path("mappings/", include("orders.ops.mappings.urls")),
    path("chain/<uuid:correlation_id>/", chain.show, name="chain"),
    path("connections/", connections.show, name="connections"),
    path("connections/switch/", connections.switch, name="switch_flow"),
]
