"""What config.toml and the command line say, and what a thread runs with by them."""
