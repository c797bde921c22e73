"""What the editors say of crossings and countries: facts, names, notices, articles, imports."""
