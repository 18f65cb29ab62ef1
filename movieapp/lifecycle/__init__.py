"""The life of a model: training, registration, promotion."""
