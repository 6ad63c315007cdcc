"""What of orders, deliveries and money people are told: each module registers its kinds."""

from orders.notices import approvals, deliveries, letters, money, orders

__all__ = ["approvals", "deliveries", "letters", "money", "orders"]
