"""Benchmarks: generated homes, and our server beside the real one on them."""
