"""What everybody may take along: crossings as data, and all of it each night as files for a week."""
