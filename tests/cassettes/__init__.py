"""Exchanges with Domo: made by hand from the documents, and recorded from the sandbox in both of its worlds."""
