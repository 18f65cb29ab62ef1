"""movieapp: a film recommender that a person can run on their own machine."""

__version__ = "0.1.0"
