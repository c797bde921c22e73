"""How long answers may be trusted, and the queries of the experts' desk."""
