"""Recorded conversations with release 0.131.0, replayed against our server."""
