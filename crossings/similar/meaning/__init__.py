"""An option: what a text means as a vector, so that topics in other words come first (docs/similarity.md)."""
