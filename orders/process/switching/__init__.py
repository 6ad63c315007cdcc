"""A dated switch: accounts, items, warehouses or a company move from one ERP to another."""
