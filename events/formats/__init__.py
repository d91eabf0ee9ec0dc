"""Formats that dossiers come in and go out by, one file per format."""
