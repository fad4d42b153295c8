"""Use cases: validate, plan, apply, drift, init. The imperative shell, and the only place that composes the rooms."""
