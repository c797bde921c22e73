"""The status of a crossing: how reports are judged, stored, and shown."""
