"""What `./run` does: the embedded PostgreSQL, the processes, tests and checks."""
