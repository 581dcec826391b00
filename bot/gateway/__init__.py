"""The Discord face: the only folder that imports discord."""
