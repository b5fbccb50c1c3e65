"""Finding damage: one file, or a whole home, streaming and in bounded memory."""
