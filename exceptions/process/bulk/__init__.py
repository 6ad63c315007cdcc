"""One action on many cases: frozen ids, a preview, an outcome for each, and a way back where there is one."""
