"""Addresses of the dealer's order pages."""

from django.urls import path

from orders.portal import cart, invoices, orders

app_name = "orders"
urlpatterns = [
    path("cart/", cart.show, name="cart"),
    path("cart/add/", cart.add, name="cart_add"),
    path("cart/place/", cart.place, name="place"),
    path("orders/", orders.index, name="index"),
    path("orders/<int:number>/", orders.detail, name="detail"),
    path("invoices/", invoices.index, name="invoices"),
    path("invoices/<slug:number>/", invoices.detail, name="invoice"),
    path("invoices/<slug:number>/dispute/", invoices.dispute, name="open_dispute"),
    path("disputes/<int:number>/", invoices.dispute_detail, name="dispute"),
]
