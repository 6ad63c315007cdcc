"""Tryton 8 behind the ERP port, over its REST interface with a user-application key."""
