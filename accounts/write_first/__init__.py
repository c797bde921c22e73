"""What visitors typed before they signed in: kept encrypted for a week, until it is posted or thrown away."""
