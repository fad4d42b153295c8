"""The sandbox, seen through its HTTP."""
