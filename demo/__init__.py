"""The fictional board: members, topics, crossings, reports. Only the launcher and `seed` import it."""
