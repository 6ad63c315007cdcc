"""The figures the house is judged by: defined in one place, counted from rows, kept by day."""
