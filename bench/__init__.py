"""The benchmark `./run bench`: what pages cost, beside their budgets (docs/performance.md)."""
