"""One module a client: its year, its advertising, and the files it has lying about."""
