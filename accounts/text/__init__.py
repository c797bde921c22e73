"""What members type as plain text: names, invisible characters, bare links."""
