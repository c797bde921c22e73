"""How long answers may be trusted, and what waits for experts."""
