"""The peak simulation: a rush of orders on the real jobs, turns and guard, towards a sandbox ERP that bears little."""
