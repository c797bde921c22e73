"""The checklist of a new site: what an operator sets up first, and what of it is done."""
