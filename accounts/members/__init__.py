"""Members by their names, and the change of a name."""
