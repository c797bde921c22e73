"""What operators read: the security log, the number of each request, and the list of erasures."""
