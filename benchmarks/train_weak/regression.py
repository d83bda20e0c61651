"""Softmax regression on sparse 0/1 traits, small enough to read: numpy and L-BFGS.

A text either has a label, or only a label that it is known *not* to have ("silent" examples of a
rule): then the loss is -log(1 - p).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_MEMORY = 8
_ENOUGH = 1e-4


@dataclass(frozen=True, slots=True)
class Sparse:
    """A 0/1 matrix, by rows and by columns; no row and no column is empty."""

    columns: NDArray[np.int64]
    row_starts: NDArray[np.int64]
    rows_by_column: NDArray[np.int64]
    column_starts: NDArray[np.int64]
    width: int

    def times(self, weights: Floats) -> Floats:
        """Matrix times weights, of shape (rows, classes)."""
        product: Floats = np.add.reduceat(weights[self.columns], self.row_starts, axis=0)
        return product

    def turned_times(self, errors: Floats) -> Floats:
        """Transposed matrix times errors, of shape (columns, classes)."""
        product: Floats = np.add.reduceat(errors[self.rows_by_column], self.column_starts, axis=0)
        return product


def sparse(rows: Sequence[Sequence[int]], width: int) -> Sparse:
    """A matrix from the column numbers of each row.

    Raises:
        ValueError: If a row or a column is empty.
    """
    lengths = np.array([len(row) for row in rows])
    columns = np.array([column for row in rows for column in row], dtype=np.int64)
    owners = np.repeat(np.arange(len(rows)), lengths)
    counts = np.bincount(columns, minlength=width)
    if not lengths.all() or not counts.all():
        raise ValueError("every text has a trait and every trait a text")
    order = np.argsort(columns, kind="stable")
    return Sparse(
        columns,
        np.concatenate(([0], np.cumsum(lengths)[:-1])),
        owners[order],
        np.concatenate(([0], np.cumsum(counts)[:-1])),
        width,
    )


def softmax(logits: Floats) -> Floats:
    """Rows of probabilities."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return probabilities


def fit(
    matrix: Sparse,
    is_label: NDArray[np.int64],
    is_not: NDArray[np.bool_],
    importance: Floats,
    classes: int,
    penalty: float,
    steps: int = 120,
) -> tuple[Floats, Floats]:
    """Weights (traits x classes) and bias (classes) of the regression.

    Args:
        matrix: The texts' traits.
        is_label: Per text the number of its label.
        is_not: Per text True if it is known only *not* to have that label.
        importance: Per text how much it counts.
        classes: Number of labels.
        penalty: L2 on the weights, not on the bias.
        steps: At most this many steps of L-BFGS.
    """
    width = matrix.width
    rows = np.arange(len(is_label))

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights, bias = flat[:-classes].reshape(width, classes), flat[-classes:]
        p = softmax(matrix.times(weights) + bias)
        own = np.clip(p[rows, is_label], 1e-12, 1 - 1e-9)
        value = -float(np.where(is_not, np.log1p(-own), np.log(own)) @ importance)
        # d/dlogit of -log p is p - [label]; of -log(1 - p) it is that times -p / (1 - p)
        errors = p.copy()
        errors[rows, is_label] -= 1
        errors *= (np.where(is_not, -own / (1 - own), 1.0) * importance)[:, None]
        gradient = np.concatenate(
            ((matrix.turned_times(errors) + penalty * weights).ravel(), errors.sum(axis=0))
        )
        return value + penalty / 2 * float((weights**2).sum()), gradient

    flat = _minimum(loss, np.zeros((width + 1) * classes), steps)
    return flat[:-classes].reshape(width, classes), flat[-classes:]


def _minimum(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int) -> Floats:
    """L-BFGS with halving steps (Nocedal & Wright, algorithm 7.5)."""
    at, (value, gradient) = start, loss(start)
    pairs: list[tuple[Floats, Floats]] = []
    for _ in range(steps):
        direction = -_by_curvature(gradient, pairs)
        slope = float(direction @ gradient)
        length = 1.0 if pairs else 1.0 / max(1.0, float(np.abs(gradient).sum()))
        for _ in range(30):
            there = at + length * direction
            new_value, new_gradient = loss(there)
            if new_value <= value + 1e-4 * length * slope:
                break
            length /= 2
        else:
            return at
        moved, bent = there - at, new_gradient - gradient
        if float(moved @ bent) > 1e-10:
            pairs = [*pairs[1 - _MEMORY :], (moved, bent)]
        done = value - new_value < _ENOUGH * abs(value) / 100
        at, value, gradient = there, new_value, new_gradient
        if done:
            break
    return at


def _by_curvature(gradient: Floats, pairs: list[tuple[Floats, Floats]]) -> Floats:
    turned = gradient.copy()
    shares = []
    for moved, bent in reversed(pairs):
        share = float(moved @ turned) / float(moved @ bent)
        turned -= share * bent
        shares.append(share)
    if pairs:
        moved, bent = pairs[-1]
        turned *= float(moved @ bent) / float(bent @ bent)
    for (moved, bent), share in zip(pairs, reversed(shares), strict=True):
        turned += (share - float(bent @ turned) / float(moved @ bent)) * moved
    return turned
