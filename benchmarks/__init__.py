"""Scripts that fit, measure and compare; never imported by the library or its faces."""
