"""Code mappings: the tables, what is not mapped, and tables from files."""
