"""The queue: items, how they are listed, and the buttons of each."""
