"""One module an export format: rows of the simulation in, the bytes of a downloaded file out."""
