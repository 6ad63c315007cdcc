"""Rows of the lists that dealers open most, drawn by Python: a page has fifty to a hundred of them, and each part of a
template costs more than the words it writes. Words are looked up once a table; every value is escaped here.
"""
