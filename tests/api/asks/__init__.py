"""What clients ask a server about itself, and what it answers without a model."""
