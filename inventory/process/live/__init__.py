"""What is checked with the ERP while somebody looks: stock of an item, a price, an account's credit.

Pages read PostgreSQL, which the feeds keep; these checks tell whether the ERP says the same now, and repair what a feed
has not brought yet. No page waits for them.
"""
