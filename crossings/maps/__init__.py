"""Maps of the lands round crossings, drawn by our own server: no third party, no script, nothing invented."""
