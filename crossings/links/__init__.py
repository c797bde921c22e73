"""Which crossings a topic is about, and what pages of the forum show of them."""
