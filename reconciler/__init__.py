"""Keep dataset governance in git: a declarative reconciler. The map of the rooms follows."""
