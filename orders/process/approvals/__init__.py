"""An order that needs a colleague's yes: which rule says so, who may give it, and the one order that comes of it."""
