"""What is asked: a query as members write it, as a tsquery, with fewer words, and without what cannot matter."""
