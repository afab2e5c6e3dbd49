"""One module per section of `make bench`, each with `run(folder, seconds)`."""
