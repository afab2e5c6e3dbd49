"""What the end-to-end tests share: Guardian's processes, its API, footage and the detector as an independent witness."""
