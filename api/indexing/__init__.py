"""The index at work: who writes it, who reads it, how it follows the home."""
