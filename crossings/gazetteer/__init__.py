"""Which crossing is meant by a text or a name."""
