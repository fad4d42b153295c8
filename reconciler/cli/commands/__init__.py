"""The commands, a file each; imported when used."""
