"""What keeps us from overrunning another system: rate, breaker and slots, shared through Redis, local without it."""
