"""Counters that are exact: how they change, the row locks, and counting everything afresh (docs/counters.md)."""
