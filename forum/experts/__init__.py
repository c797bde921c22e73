"""Experts' badges, and what follows from them for the questions that their replies answer."""
