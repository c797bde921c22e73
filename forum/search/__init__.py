"""Full text search: the words of posts as they are stored, the query, the hits with their passages."""
