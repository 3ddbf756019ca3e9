"""Certificates on paper: what is printed, as plain data, and the program beside the worker that makes the PDF."""
