"""A clinic of any size from a seed: who comes and how it goes (courses), and how it is put on file (making)."""
