"""The one conformance suite: every ERP adapter against an ERP that is not made for it."""
