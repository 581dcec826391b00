"""Documents, retrieval and answers. Knows nothing of Discord or of any other face."""
