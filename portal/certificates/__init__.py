"""Certificates: drafted box by box, signed behind a completed second factor, verifiable by anyone."""
