"""The command line. Each command calls one function; what it needs is imported when it runs."""
