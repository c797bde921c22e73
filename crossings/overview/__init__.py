"""What the home page shows of all crossings: counts, the last changes, the newest reports and coming closures."""
