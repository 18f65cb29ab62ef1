"""How models are measured: the protocol, the metrics, their intervals."""
