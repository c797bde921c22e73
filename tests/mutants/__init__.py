"""Mutants: small changes of the code that a test of it should notice, made by the hundred (docs/testing.md)."""
