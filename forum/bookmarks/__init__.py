"""Posts that a member wants to find again: what the member does with bookmarks, and the form."""
