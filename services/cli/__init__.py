"""`relais`: one command for the people who run nodes and act on cases."""
