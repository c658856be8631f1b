"""What reading and measuring cost, against plain pandas and hand-written DuckDB: `make bench`."""
