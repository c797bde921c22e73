"""What members type into posts and searches, and administrators and moderators on the staff pages."""
