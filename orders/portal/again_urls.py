"""Addresses of the pages to buy again, a part of the dealer's order pages."""

from django.urls import path

from orders.portal import list_lines, lists, purchased, reorder

urlpatterns = [
    path("lists/", lists.index, name="lists"),
    path("lists/new/", lists.new, name="list_new"),
    path("lists/add/", lists.add, name="list_add"),
    path("lists/<uuid:list_id>/", list_lines.show, name="list"),
    path("lists/<uuid:list_id>/order/", list_lines.take, name="list_take"),
    path("lists/<uuid:list_id>/lines/", list_lines.change, name="list_change_lines"),
    path("lists/<uuid:list_id>/change/", lists.change, name="list_change"),
    path("purchased/", purchased.show, name="purchased"),
    path("purchased/order/", purchased.take, name="purchased_take"),
    path("orders/<int:number>/reorder/", reorder.show, name="reorder"),
    path("orders/<int:number>/reorder/take/", reorder.take, name="reorder_take"),
]
