"""The write model: the Thread aggregate, the application that keeps it, and the lines that commands write."""
