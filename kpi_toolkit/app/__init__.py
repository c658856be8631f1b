"""Live pages: which notebook is shown about whom, and the server that shows it."""
