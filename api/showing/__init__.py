"""Threads as answers show them."""
