"""When a crossing is shut, or may be: days without hours, public holidays, notices, and what posts did a year ago."""
