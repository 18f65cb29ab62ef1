"""Content: films described like those that a person likes, by genre, years, title words, tags and plot."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from movieapp.models.base import Model, Scores
from movieapp.preparation.facts import Films
from movieapp.preparation.interactions import Histories, Interactions

WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass
class Content(Model):
    """Cosine of a person's profile, the sum of the vectors of their likes, with each film's vector.

    A vector is the TF-IDF of a film's terms, of those that at least `min_films` films share; with `factors`,
    its latent semantic analysis (truncated SVD). Only descriptions are fitted: a film needs no rating.
    """

    name: ClassVar[str] = "content"
    factors: int | None = None
    min_films: int = 3
    seed: int = 7

    def fit(self, interactions: Interactions) -> Self:
        """Set `vectors_`, rows of length 1: (movies x terms) CSR, or (movies x factors) array; float32."""
        # Imported where it is used: that takes a second, and most processes fit no such model.
        from sklearn.feature_extraction.text import TfidfVectorizer

        terms = _terms(interactions.films)
        films = Counter(term for described in terms for term in set(described))
        vocabulary = sorted(term for term, count in films.items() if count >= self.min_films)
        if not vocabulary:
            self.vectors_ = csr_matrix((len(terms), 1), dtype=np.float32)
            return self
        vectorizer = TfidfVectorizer(analyzer=list, vocabulary=vocabulary, lowercase=False, dtype=np.float32)
        self.vectors_ = csr_matrix(vectorizer.fit_transform(terms))
        if self.factors is not None:
            from sklearn.decomposition import TruncatedSVD

            svd = TruncatedSVD(min(self.factors, len(vocabulary)), random_state=self.seed)
            latent = svd.fit_transform(self.vectors_)
            self.vectors_ = (latent / _lengths(latent)).astype(np.float32)
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return cosines; -inf for a film whose description shares nothing with those of the likes."""
        profiles = _dense(histories.likes @ self.vectors_)
        scores: Scores = np.ascontiguousarray((self.vectors_ @ profiles.T).T)
        scores /= _lengths(profiles)
        scores[scores == 0] = -np.inf
        return scores

    def contributions(self, history: Histories, columns: NDArray[np.integer]) -> Scores:
        """Return the cosine of each like with each column, over the length of the profile."""
        given = _dense(self.vectors_[history.columns])
        length = _lengths(given[history.liked].sum(axis=0, keepdims=True))
        parts: Scores = (self.vectors_[columns] @ given.T) * history.liked / length
        return np.ascontiguousarray(parts)


def _terms(films: Films) -> list[list[str]]:
    """Return each film's terms; a prefix keeps the genre "Western" apart from the word in a title."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    terms = []
    described = (films.titles, films.years, films.genres, films.tags, films.overviews, films.keywords)
    for title, year, genres, tags, overview, keywords in zip(*described, strict=True):
        of_film = [f"genre {films.genre_names[place]}" for place in np.flatnonzero(genres)]
        of_film += [f"keyword {keyword.lower()}" for keyword in keywords]
        if np.isfinite(year):
            of_film += [f"year {year:.0f}", f"decade {year // 10:.0f}0"]
        for kind, text in (("title", title), ("tag", tags), ("overview", overview)):
            words = WORD.findall(text.lower())
            of_film += [f"{kind} {word}" for word in words if word not in ENGLISH_STOP_WORDS]
        terms.append(of_film)
    return terms


def _dense(vectors: csr_matrix | NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors.toarray() if isinstance(vectors, csr_matrix) else vectors


def _lengths(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the lengths of the rows, (rows x 1); 1 for a row of zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(lengths > 0, lengths, np.float32(1.0))
