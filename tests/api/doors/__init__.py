"""Doors over real sockets."""
