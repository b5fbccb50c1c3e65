"""Comparisons with the real server, run side by side with ours."""
