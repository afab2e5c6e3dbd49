"""One module a section of `make bench`, each with `run(folder, seconds)`."""
