"""The vocabulary every room shares: address, change, step, plan, diagnostic, ports. Standard library and msgspec."""
