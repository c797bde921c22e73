"""The border's clock: when posts work, and when one has to be there. Pure: no database, no request, no "now"."""
