"""movieapp: a film recommender that a person can run on their own machine."""
