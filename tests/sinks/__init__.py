"""Everything that is printed, in every format, with names that a stranger chose."""
