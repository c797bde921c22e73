"""Filters that hold or flag texts automatically: spam, banned words, duplicates, trust."""
