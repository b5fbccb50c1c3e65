"""Packed logs (`.jsonl.zst`): read as if they were plain, and written."""
