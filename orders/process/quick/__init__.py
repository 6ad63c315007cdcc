"""Quick order: rows as people type, paste or upload them, judged as the order itself will be, into the cart."""
