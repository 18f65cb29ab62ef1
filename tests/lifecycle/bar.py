"""A progress that a test looks at: what a person who watches would have seen."""

from dataclasses import dataclass, field


@dataclass
class Bar:
    """Remembers every share it was told. Has the shape of `progress.Progress`."""

    shares: list[float] = field(default_factory=list)

    def __call__(self, _stage: str, share: float) -> None:
        self.shares.append(share)

    def check(self) -> None:
        """Hold it against what a bar promises: from nothing to all but the last stage, and never back."""
        assert self.shares[0] == 0
        assert self.shares == sorted(self.shares)
        assert 0.95 <= self.shares[-1] <= 1
