"""What undoing an act does, by what was acted on. Each raises CannotBeDone if it was changed since."""
