"""Forms of moderators, and of members for flags and appeals."""
