"""Text without meaning, cut from long pieces made once: cutting is what makes the generator fast.

Everything comes escaped for JSON already.
"""

import base64
import math
import random
from functools import cache
from typing import NamedTuple

VOCABULARY = (
    "acorn alder almond anvil apron arch aspen badge barley basalt beech bell blossom boulder brass "
    "brook candle cart cellar chalk cider clay clock cloud cobalt comet cork cove crane creek crown "
    "daisy dawn delta desk dome dove dune easel echo elm ember fable fern ferry field fig flask fleet "
    "fog forge fox frost garnet gate ginger glade glass grove gull harp hearth heron hill hinge hive "
    "holly inlet iris iron jade jar juniper kelp kiln kite lace lake lark leaf ledge lilac lime loom "
    "lute maple marsh mast meadow mill mint moss nest oak oar oat opal orchard otter owl pail path "
    "pearl pebble pine plum pond poppy quail quill raft rain reed reef ridge river robin root rope rose "
    "rye sage sail sand seed shell silk slate snow spade spruce stone straw swan tar thistle thorn tide "
    "tile trail tulip twig vale vine wagon walnut wave wheat willow wren yarn"
)
WORDS = VOCABULARY.split()
COLUMN = 72
"""Width of a line of a listing, its escaped line feed not counted."""


class Pools(NamedTuple):
    """The long pieces."""

    prose: str
    listing: str
    cipher: str


@cache
def pools(seed: int) -> Pools:
    """The pieces that belong to a seed: 1.0 MB of words, 2.4 MB of listing, 2.0 MB of base64."""
    rng = random.Random(f"pieces {seed}")
    rows = (
        f"{'_'.join(rng.choices(WORDS, k=2))}.rs {rng.randrange(9000)}: {' '.join(rng.choices(WORDS, k=12))}"
        for _ in range(32_000)
    )
    return Pools(
        prose=" ".join(rng.choices(WORDS, k=180_000)),
        listing="".join(f"{row[:COLUMN]:{COLUMN}}\\n" for row in rows),
        cipher=base64.urlsafe_b64encode(rng.randbytes(1_500_000)).decode(),
    )


class Voice:
    """One thread's chance: the same seed says the same things in the same order."""

    def __init__(self, pieces: Pools, seed: str) -> None:
        self._pieces = pieces
        self.rng = random.Random(seed)
        self.random = self.rng.random

    def happens(self, share: float) -> bool:
        """True in this share of the calls."""
        return self.random() < share

    def between(self, least: int, most: int) -> int:
        """A whole number from `least` up to but not including `most`."""
        return least + int(self.random() * (most - least))

    def spread(self, least: int, most: int) -> int:
        """A number whose logarithm is evenly spread: as many of 500 to 1000 as of 10,000 to 20,000."""
        return int(least * math.exp(self.random() * math.log(most / least)))

    def count(self, mean: float, most: int) -> int:
        """A geometric number: often few, sometimes many."""
        return min(most, int(math.log(1 - self.random()) / math.log(mean / (mean + 1))))

    def prose(self, size: int) -> str:
        """Words, about `size` characters."""
        start = self.between(0, len(self._pieces.prose) - size)
        return self._pieces.prose[start : start + size].strip()

    def listing(self, size: int) -> str:
        """Whole lines of what a command prints, about `size` characters."""
        width = COLUMN + 2
        rows = max(1, size // width)
        start = self.between(0, len(self._pieces.listing) // width - rows) * width
        return self._pieces.listing[start : start + rows * width]

    def cipher(self) -> str:
        """One to four kilobytes of encrypted reasoning."""
        size = self.between(1000, 4000)
        start = self.between(0, len(self._pieces.cipher) - size)
        return "gAAAAAB" + self._pieces.cipher[start : start + size]

    def digits(self, count: int) -> str:
        """Hexadecimal digits."""
        return f"{self.rng.getrandbits(4 * count):0{count}x}"

    def uuid(self, at_ms: int) -> str:
        """A UUID of version 7 made at this time."""
        text = f"{at_ms:012x}7{self.digits(3)}{(2 << 62) | self.rng.getrandbits(62):016x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
