"""Legacy flat files whose layout is declared in the connection."""
