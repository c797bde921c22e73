"""Pages about members: their record, acts on them, newcomers, what is private."""
