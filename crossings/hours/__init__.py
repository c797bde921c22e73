"""Posted hours of crossings: kept, entered, confirmed, and shown by the pure rules of crossings/clock/."""
