"""Similar topics: ranking, the stored tables, suggestions in the composer."""
