"""Views of one reader: what is unread, new and bookmarked."""
