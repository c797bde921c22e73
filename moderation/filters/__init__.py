"""What holds or flags texts without any member: spam, banned words, duplicates, trust."""
