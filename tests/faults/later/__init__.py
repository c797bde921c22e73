"""Migrations as a later version might bring them: nullable first, filled in batches, then constrained."""
