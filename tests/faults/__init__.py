"""Rounds in which something breaks while members write (`./run faults`)."""
