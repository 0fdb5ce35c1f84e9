"""What a walk over an ISO 20022 message fills: blocks that become parties, in scopes that become payments."""

from collections.abc import Iterator
from itertools import islice

from screening.designations import DateRange, Kind
from screening.payments.lines import in_lines
from screening.payments.model import Field, Party, PartyIdentifier, Refusal, Role
from screening.tuples import make

FULL_LINE = range(33, 36)
"""A name this long may have been cut to the 35 characters of an MT line and go on in the address."""


class Block:
    """A party while it is read."""

    __slots__ = (
        "addresses",
        "birth_date",
        "countries",
        "identifiers",
        "in_lines",
        "kind",
        "names",
        "role",
        "texts",
    )

    def __init__(self, role: Role) -> None:
        self.role = role
        self.kind: Kind | None = None
        self.birth_date: DateRange | None = None
        self.names: list[Field] = []
        self.identifiers: list[PartyIdentifier] = []
        self.addresses: list[Field] = []
        self.countries: list[Field] = []
        self.texts: list[Field] = []
        self.in_lines = False
        """Whether an element came twice side by side: a text may go on from the one to the other."""

    def party(self) -> Party | None:
        """What was read, or None where that is nothing to screen."""
        names, identifiers, addresses = self.names, self.identifiers, self.addresses
        countries, texts = self.countries, self.texts
        if not (names or identifiers or texts or addresses or countries):
            return None
        if names and len(names[0].value) in FULL_LINE:
            lines = (line for line, path in addresses if path.rpartition("/")[2].startswith("AdrLine"))
            names = [*names, *(Field(f"{names[0].value} {line}", names[0].path) for line in islice(lines, 1))]
        if self.in_lines:
            texts = [*texts, *in_lines(texts)]
            addresses = [*addresses, *in_lines(addresses)]
        return make(
            Party,
            (
                self.role,
                tuple(names) if names else (),
                tuple(identifiers) if identifiers else (),
                tuple(addresses) if addresses else (),
                tuple(countries) if countries else (),
                tuple(texts) if texts else (),
                self.kind,
                self.birth_date,
                None,
            ),
        )


class Scope:
    """A message, a batch or a transaction: its own blocks and references, and what it stands in."""

    __slots__ = (
        "_parties",
        "blocks",
        "inner",
        "is_headed",
        "is_header",
        "is_payment",
        "other",
        "outer",
        "refused",
        "values",
    )

    def __init__(self, outer: "Scope | None" = None) -> None:
        self.outer = outer
        self.inner: list[Scope] = []
        self.other = Block(Role.OTHER)
        """What no party's element is around."""
        self.blocks: list[Block] = [self.other]
        self.values: dict[str, str] = {}
        """References and amounts by element name, the first of each."""
        self.refused: Refusal | None = None
        """Why no payment of this scope can be screened."""
        self.is_payment: bool = outer.is_payment if outer else False
        """Whether it is a transaction or stands in one."""
        self.is_header = False
        """Whether it was opened by an `AppHdr`, and waits for the `Document` behind that."""
        self.is_headed = False
        """Whether it was opened by an `AppHdr` at all."""
        self._parties: tuple[Party, ...] | None = None
        if outer:
            outer.inner.append(self)

    def open(self, role: Role) -> Block:
        """A new block in this scope."""
        block = Block(role)
        self.blocks.append(block)
        return block

    def open_headed(self) -> "Scope":
        """A scope inside for a message of its own, whose header is read first."""
        scope = Scope(self)
        scope.is_header = scope.is_headed = True
        return scope

    def let_go(self) -> None:
        """Forget the scopes inside, once all is read.

        They hold this one as it holds them: only a collection of garbage would free such a message.
        """
        for scope in self.inner:
            scope.let_go()
        self.inner = []

    def transactions(self) -> Iterator["Scope"]:
        """Every innermost scope: a message without transactions is one payment itself."""
        if not self.inner:
            yield self
        for scope in self.inner:
            yield from scope.transactions()

    def parties(self) -> tuple[Party, ...]:
        """The parties of this scope after those of what it stands in."""
        if self._parties is None:
            own = tuple([party for block in self.blocks if (party := block.party())])
            self._parties = (self.outer.parties() + own) if self.outer else own
        return self._parties

    def refusal(self) -> Refusal | None:
        """Why this payment is refused: for a value of its own, or of what it stands in."""
        return self.refused or (self.outer.refusal() if self.outer else None)

    def get(self, name: str) -> str | None:
        """A value of this scope or, failing that, of what it stands in."""
        scope: Scope | None = self
        while scope is not None:
            if value := scope.values.get(name):
                return value
            scope = scope.outer
        return None
