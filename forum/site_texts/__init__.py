"""What administrators write about the site itself: name, imprint, privacy, terms, notice bar."""
