"""Cached pages, cached fragments and prepared statements: the lowest package, which knows no app."""
