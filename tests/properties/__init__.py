"""Properties of the whole, over generated logs."""
