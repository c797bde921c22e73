"""First-hand reports of crossings: filing, editing, and listing them."""
