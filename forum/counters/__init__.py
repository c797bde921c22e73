"""Exact counters: their increments, the row locks, and the recount (docs/counters.md)."""
