"""Letters: which a member wants, their words, signed addresses in them, and sending each once."""
