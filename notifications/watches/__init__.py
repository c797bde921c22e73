"""What members watch: topics, subforums, countries, crossings and members; and who watches what."""
