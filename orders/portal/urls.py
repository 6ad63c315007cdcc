"""Addresses of the dealer's order pages."""

from django.urls import path

from orders.portal import answering, cart, changing, invoices, orders, quick, shipments

app_name = "orders"
urlpatterns = [
    path("cart/", cart.show, name="cart"),
    path("cart/add/", cart.add, name="cart_add"),
    path("cart/place/", cart.place, name="place"),
    path("quick-order/", quick.show, name="quick"),
    path("quick-order/save/", quick.save, name="quick_save"),
    path("quick-order/read/", quick.read, name="quick_read"),
    path("quick-order/take/", quick.take, name="quick_take"),
    path("quick-order/clear/", quick.clear, name="quick_clear"),
    path("quick-order/find/", quick.find, name="quick_find"),
    path("quick-order/problems.csv", quick.problems, name="quick_problems"),
    path("quick-order/template.csv", quick.template, name="quick_template"),
    path("orders/", orders.index, name="index"),
    path("orders.csv", orders.table, name="table"),
    path("orders/lines/", orders.owed, name="owed"),
    path("orders/lines.csv", orders.owed_table, name="owed_table"),
    path("orders/<int:number>/", orders.detail, name="detail"),
    path("orders/<int:number>/change/", changing.show, name="change"),
    path("orders/<int:number>/change/ask/", changing.ask, name="ask_change"),
    path("orders/<int:number>/answer/", answering.answer, name="answer"),
    path("shipments/<slug:number>/", shipments.detail, name="shipment"),
    path("shipments/proofs/<uuid:proof_id>", shipments.proof_image, name="proof_image"),
    path("invoices/", invoices.index, name="invoices"),
    path("invoices/<slug:number>/", invoices.detail, name="invoice"),
    path("invoices/<slug:number>/dispute/", invoices.dispute, name="open_dispute"),
    path("disputes/<int:number>/", invoices.dispute_detail, name="dispute"),
]
