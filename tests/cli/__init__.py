"""The command line from outside: exit codes, what goes to stdout and what to stderr."""
