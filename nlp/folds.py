"""Deals utterances out to be measured on: nearly the same message never stands in two parts."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedKFold

from nlp.corpus import Utterance
from nlp.normalize import folded

# Of all pairs of characters that two messages hold, the share that both hold. From here on they
# ask the same thing in other punctuation or with a word more: 查进度 and 查看进度, 0.5.
ALIKE = 0.5

_NO_LETTERS = re.compile(r"[\W_]+")


def folds(utterances: Sequence[Utterance], number: int, seed: int) -> list[list[int]]:
    """Each part holds its share of every intent."""
    group_of = near_duplicates([told.text for told in utterances])
    _, firsts = np.unique(group_of, return_index=True)
    intents = [str(utterances[first].intent) for first in firsts]
    split = StratifiedKFold(number, shuffle=True, random_state=seed).split(firsts, intents)
    return [np.flatnonzero(np.isin(group_of, groups)).tolist() for _, groups in split]


def apart_from(part: Sequence[int], group_of: NDArray[np.int32]) -> list[int]:
    """What may be learnt from when `part` is measured: nothing that is nearly in it."""
    kept: list[int] = np.flatnonzero(~np.isin(group_of, group_of[list(part)])).tolist()
    return kept


def near_duplicates(texts: Sequence[str]) -> NDArray[np.int32]:
    """A number for each text; texts that are alike have the same one, counted from 0."""
    pairs = _pairs(texts)
    sizes = np.diff(pairs.indptr)
    shared = (pairs @ pairs.T).tocoo()
    alike = shared.data >= ALIKE * (sizes[shared.row] + sizes[shared.col] - shared.data)
    links = csr_matrix((shared.data[alike], (shared.row[alike], shared.col[alike])), shared.shape)
    group_of: NDArray[np.int32] = connected_components(links, directed=False)[1]
    return group_of


def _pairs(texts: Sequence[str]) -> csr_matrix:
    """Which pairs of neighbouring characters each text holds, both its ends included."""
    columns: dict[str, int] = {}
    found: list[int] = []
    ends = [0]
    for text in texts:
        seen = folded(text)
        marked = f"\x02{_NO_LETTERS.sub('', seen) or seen}\x03"
        pairs = dict.fromkeys(marked[at : at + 2] for at in range(len(marked) - 1))
        found += [columns.setdefault(pair, len(columns)) for pair in pairs]
        ends.append(len(found))
    return csr_matrix((np.ones(len(found), dtype=np.float32), found, ends))
