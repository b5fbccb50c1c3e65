"""Access control: who may come in through a door."""
