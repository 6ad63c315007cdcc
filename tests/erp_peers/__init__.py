"""Foreign ERPs as processes: real Tryton and a SAP-shaped peer, in an environment that the product never sees."""
