"""The store at work on a home, told so that a person can follow."""
