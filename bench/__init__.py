"""What pages cost, beside their budgets: `./run bench`. docs/performance.md tells how to read it."""
