"""What a number of runs says about the runs that were not made. Pure functions.

Sources: Clopper and Pearson, Biometrika 26 (1934), for the bound on a rate;
NIST DLMF 8.17 for the incomplete beta function that it needs; Good,
Biometrika 40 (1953), for the chance of something new; Chao, Scandinavian
Journal of Statistics 11 (1984), for how much is still unseen.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

CONFIDENCE = 0.95

_HALVINGS = 60
_TINY = 1e-300
_MAX_TERMS = 10_000


def rate_bound(violations: int, runs: int, confidence: float = CONFIDENCE) -> float:
    """The highest rate of violations that so few of them in so many runs leave credible.

    One-sided and exact (Clopper and Pearson): at any higher rate, ``violations``
    or fewer would come with a probability below ``1 - confidence``. 1.0 if
    there was no run. Raises ValueError for numbers that cannot be.
    """
    if not 0 <= violations <= runs or not 0 < confidence < 1:
        raise ValueError(f"no rate comes of {violations} in {runs} at {confidence}")
    if violations == runs:
        return 1.0
    doubt = 1 - confidence
    if violations == 0:
        # (1 - rate) ** runs = doubt, solved: what is commonly called the rule of three. By expm1,
        # as the rate is tiny where the runs are many.
        return -math.expm1(math.log(doubt) / runs)
    low, high = violations / runs, 1.0
    # Of an interval no longer than 1, so often halved nothing is left that a float could tell.
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if at_most(violations, runs, middle) > doubt:
            low = middle
        else:
            high = middle
    return high


def at_most(successes: int, trials: int, rate: float) -> float:
    """The probability of ``successes`` or fewer in ``trials``, each with probability ``rate``."""
    if successes >= trials or rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    return _incomplete_beta(trials - successes, successes + 1, 1 - rate)


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, on the side where its fraction converges fast."""
    # There the fraction of the other side is the one that converges rapidly (DLMF 8.17(v)).
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_side(b, a, 1 - x)
    return _beta_side(a, b, x)


def _beta_side(a: float, b: float, x: float) -> float:
    """By logarithms: the factors alone would soon leave the range of floats."""
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    logarithm += a * math.log(x) + b * math.log1p(-x)
    return math.exp(logarithm) / (a * _beta_fraction(a, b, x))


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of DLMF 8.17.22, evaluated from its head (Lentz's method)."""
    value = ratio = 1.0
    inverse = 0.0
    for term in range(1, _MAX_TERMS):
        numerator = _beta_numerator(a, b, x, term)
        # Lentz, as modified by Thompson and Barnett (1986): a zero is moved by next to nothing.
        inverse = 1 / (1 + numerator * inverse or _TINY)
        ratio = 1 + numerator / ratio or _TINY
        value *= ratio * inverse
        if abs(ratio * inverse - 1) < 1e-15:
            break
    return value


def _beta_numerator(a: float, b: float, x: float, term: int) -> float:
    """The coefficients d of DLMF 8.17.23, counted from 1."""
    half, is_odd = divmod(term, 2)
    if is_odd:
        return -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
    return half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))


def chance_of_new(counts: Iterable[int]) -> float:
    """How likely the next run is to show something that none has shown (Good and Turing).

    ``counts`` says how often each thing that was seen came. 1.0 if nothing was.
    """
    counts = tuple(counts)
    return sum(count == 1 for count in counts) / sum(counts) if counts else 1.0


def new_bound(runs: int, confidence: float = CONFIDENCE) -> float:
    """The highest chance of something new that is credible where nothing was seen just once.

    Of the chance that holds after so many runs, on average. Each thing is seen
    once with some probability, and these sum to the number of runs times that
    chance; that all of them fail has, so, at most the probability exp(-runs x
    chance). Exact for independent runs whose number is Poisson distributed.
    """
    return min(1.0, -math.log(1 - confidence) / runs) if runs else 1.0


def likely_unseen(counts: Iterable[int]) -> float:
    """How many things there are, at the least, that have not been seen yet (Chao1).

    From those seen once and those seen twice; where nothing was seen twice,
    the bias-corrected form.
    """
    counts = tuple(counts)
    if not counts:
        return 0.0
    runs = sum(counts)
    once, twice = (sum(count == often for count in counts) for often in (1, 2))
    pairs = once * once / (2 * twice) if twice else once * (once - 1) / 2
    return (runs - 1) / runs * pairs


def expected_distinct(allowed: int, runs: int) -> float:
    """How many different ones ``runs`` choices show, each uniform among ``allowed``."""
    if allowed <= 1:
        return float(min(allowed, runs))
    return -allowed * math.expm1(runs * math.log1p(-1 / allowed))


def evenness(counts: Iterable[int]) -> float:
    """How evenly the counts are spread: 1.0 if all are alike, near 0 if one has nearly all.

    The entropy as a share of the greatest possible one (Pielou's index).
    """
    counts = tuple(counts)
    if len(counts) < 2:
        return 1.0
    total = sum(counts)
    entropy = -sum(count / total * math.log(count / total) for count in counts)
    return entropy / math.log(len(counts))


def frequency_classes(counts: Iterable[int]) -> tuple[tuple[int, int, int], ...]:
    """How many things came how often: (least, most, number of things), in doubling classes.

    1, 2, 3 to 4, 5 to 8, 9 to 16, …: up to the last class that is not empty.
    """
    classes = Counter((count - 1).bit_length() for count in counts)
    if not classes:
        return ()
    return tuple(
        ((1 << index >> 1) + 1 if index else 1, 1 << index, classes[index])
        for index in range(max(classes) + 1)
    )
