"""What is known of a thread that its log has no line for: goals, archive marks."""
