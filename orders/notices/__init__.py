"""What of orders, deliveries and money people are told: each module registers its kinds."""

from orders.notices import deliveries, money, orders

__all__ = ["deliveries", "money", "orders"]
