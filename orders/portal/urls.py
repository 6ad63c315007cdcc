"""Addresses of orders, for dealers and staff."""

app_name = "orders"
urlpatterns: list[object] = []
