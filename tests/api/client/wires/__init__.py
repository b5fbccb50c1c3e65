"""What carries a client's lines."""
