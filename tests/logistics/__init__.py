"""Warehouse systems and carriers."""
