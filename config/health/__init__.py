"""What tells that the site works: addresses for monitors, the look of a container at itself, and doctor."""
