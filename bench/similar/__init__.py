"""Similar topics and crossings: how well they are found, what members made of them, what it costs at 200,000 topics."""
