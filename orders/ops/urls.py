"""Addresses of what staff and dealers read across apps."""

from django.urls import include, path

from orders.ops import chain, connections, finding, notes, switches, two_erps

urlpatterns = [
    path("orders/<int:number>/notes/", notes.write, name="write_note"),
    path("mappings/", include("orders.ops.mappings.urls")),
    path("chain/", finding.find, name="find_number"),
    path("chain/<uuid:correlation_id>/", chain.show, name="chain"),
    path("connections/", connections.show, name="connections"),
    path("connections/switch/", connections.switch, name="switch_flow"),
    path("connections/same/", connections.same, name="erp_same"),
    path("connections/anew/", connections.anew, name="erp_anew"),
    path("connections/two-erps/", two_erps.show, name="two_erps"),
    path("connections/two-erps/compare/", two_erps.compare, name="two_erps_compare"),
    path("connections/two-erps/plan/", switches.plan, name="two_erps_plan"),
    path("connections/two-erps/switches/<uuid:switch_id>/", switches.show, name="two_erps_switch"),
    path("connections/two-erps/switches/<uuid:switch_id>/cancel/", switches.cancel, name="two_erps_cancel"),
    path("connections/two-erps/<int:comparison_id>/", two_erps.differences, name="two_erps_differences"),
    path("connections/two-erps/<int:comparison_id>/csv/", two_erps.export, name="two_erps_export"),
    path("connections/two-erps/<int:comparison_id>/thing/", two_erps.thing, name="two_erps_thing"),
]
