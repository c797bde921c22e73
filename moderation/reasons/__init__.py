"""Reasons for acts that were written beforehand: which ones a form offers, and changing them."""
