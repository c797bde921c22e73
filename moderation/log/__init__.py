"""The log of what moderators did: writing it, and what of it may be read by whom."""
