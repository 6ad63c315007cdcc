"""The sandbox ERP: a small ERP of its own in its own process. It imports nothing of the portal."""
