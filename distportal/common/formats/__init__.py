"""How a language writes days and numbers, where Django's own idea of it does not fit: see docs/translation.md."""
