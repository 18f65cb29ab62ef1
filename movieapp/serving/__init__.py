"""Answering: lists of films with reasons, people and their ratings, and the log of what was served."""
