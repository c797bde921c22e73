"""Letters that came back: reports by mail and by webhook (docs/operating.md)."""
