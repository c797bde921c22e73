"""What an operator's own programs read: log formats, the request log, and /metrics for Prometheus."""
