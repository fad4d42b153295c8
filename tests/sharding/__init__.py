"""Plans made in parts: of shards, and of what a branch changed."""
