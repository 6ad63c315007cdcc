"""Writes the pyx12 map folders from our own tables, so that a code or a length is corrected in one place."""
