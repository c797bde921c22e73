"""Queries and context of the forum's pages: few queries, light rows, cached fragments."""
