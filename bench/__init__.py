"""What is fast and what is right, measured against named peers in one run: `python -m bench [PART …]`."""
