"""Calibration: simulated people, read by the very code that reads real ones."""
