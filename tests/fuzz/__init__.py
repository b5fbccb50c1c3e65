"""Bytes of any kind against everything that reads bytes: nothing but documented errors, in bounded time."""
