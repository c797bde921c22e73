"""Forms of moderators and of members who call for them."""
