"""Sections and subforums as administrators keep them: made from presets, put in order, locked, renamed, removed."""
