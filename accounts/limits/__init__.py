"""Limits of what one may do: counted acts in the database, costly reads in memory."""
