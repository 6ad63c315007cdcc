"""The nightly comparison of orders, shipments and invoices with what the ERP holds, in both directions."""
