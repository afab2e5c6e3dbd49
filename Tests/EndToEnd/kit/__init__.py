"""Helpers of the end-to-end tests: Guardian's processes, its API, test cameras, footage and an independent person detector."""
