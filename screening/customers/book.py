"""A customer book: the customers of one partition, small enough to be held by the million.

A customer is kept as its own bytes, compressed, and parsed again when it is to be screened; beside it is what
the inverted index needs to find it. The content of the book is proved as a list's is: by count and hash.
"""

import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyroaring import BitMap

from screening.customers.customer import Customer, decode_customer
from screening.customers.inverted import END, FoundBy, InvertedIndex
from screening.decisions import Outcome
from screening.hits.by_name import joined_parts
from screening.keys.table import KeyTable
from screening.ledger import ListDigest
from screening.limits import LimitError
from screening.payments.model import Party, Payment, PaymentError
from screening.policy.rules import Policy
from screening.screener import Screener

_USUAL = (
    b'"}],"directors":[{"name":"","percent":25.0,"owners":[{"name":"","percent":100.0,"birth_dates":["19"'
    b'],"identifiers":{"passport":"","national_id":"","registration":"","tax":"","lei":"","account":"DE'
    b'","account":"GB","address":" Street, ","addresses":["'
    b'],"countries":["GB","DE"],"country":"FR","gender":"female","gender":"male","birth_date":"19'
    b'","kind":"organization","name":"","kind":"person","names":["'
    b'{"id":"C-","name":"'
)
"""What customers have in common: a preset dictionary, by which each by itself becomes small."""


class Book:
    """Customers by id. Each has a number, which is reused once the customer is gone."""

    def __init__(self, policy: Policy) -> None:
        self._index = InvertedIndex(policy)
        self._packed: list[bytes | None] = []
        self._first = array("I")
        self._numbers = KeyTable()
        self._free: list[int] = []
        self._digest = ListDigest()
        self._unreadable: dict[str, bytes] = {}
        """What the digest counts of customers that cannot be read, by id."""

    def __len__(self) -> int:
        """How many customers the digest counts, including those that cannot be read."""
        return self._digest.count

    @property
    def sha256(self) -> str:
        """The hash over all ids and values, computed as for lists (`screening.ledger`)."""
        return self._digest.sha256

    @property
    def unreadable(self) -> Iterable[str]:
        """Ids of customers whose last record cannot be read; what was known before is still screened."""
        return self._unreadable.keys()

    @property
    def numbers(self) -> BitMap:
        """The numbers of all customers that can be screened."""
        return BitMap([number for number, packed in enumerate(self._packed) if packed is not None])

    def put(self, key: str, raw: bytes) -> int:
        """Add or replace a customer; returns its number.

        Raises PaymentError or LimitError for one that cannot be read: it is counted, and is `unreadable`.
        """
        self._count_out(key)
        counted = self._digest.add(_key_bytes(key), raw)
        try:
            customer = decode_customer(key, raw)
        except (PaymentError, LimitError):
            self._unreadable[key] = counted
            raise
        self._unreadable.pop(key, None)
        number = self.number_of(key)
        if number is None:
            number = self._new(key)
        else:
            self._index.remove(number, self.customer(number), self._first[number])
        self._packed[number] = _pack(key, raw)
        self._first[number] = self._index.put(number, customer)
        return number

    def remove(self, key: str) -> int | None:
        """Remove a customer; returns the number it had, or None if it was not there."""
        self._count_out(key)
        self._unreadable.pop(key, None)
        number = self.number_of(key)
        if number is not None:
            self._index.remove(number, self.customer(number), self._first[number])
            self._numbers.discard(key, number)
            self._packed[number] = None
            self._free.append(number)
        return number

    def number_of(self, key: str) -> int | None:
        for number in self._numbers.under(key):
            packed = self._packed[number]
            if packed is not None and _unpack(packed)[0] == key:
                return number
        return None

    def customer(self, number: int) -> Customer:
        """The customer with a number. Raises KeyError for a number that is not in use."""
        packed = self._packed[number] if number < len(self._packed) else None
        if packed is None:
            raise KeyError(number)
        return decode_customer(*_unpack(packed))

    def candidates(self, screener: Screener, changed: Iterable[str]) -> BitMap:
        """Numbers of customers for whom a change of these designations may make, change or end a hit.

        The inverted index finds them, and a screener of the changed entries alone sifts them, which takes a
        tenth of the time that deciding each against the whole list would take.
        """
        touched = screener.touched_by(changed)
        listed = [entry for each in touched if (entry := screener.get(each))]
        asked = [self._index.found_by(entry) for entry in listed]
        if not asked:
            return BitMap()
        found = FoundBy(*[BitMap.union(*each) for each in zip(*asked, strict=True)])
        every = found.every
        if not every:
            return every
        sieve = Screener(replace(screener.policy, party_books=frozenset(), embargoes=()))
        for entry in listed:
            sieve.upsert(entry)
        return BitMap([number for number in every if not self._is_clear(number, sieve, found)])

    def _is_clear(self, number: int, sieve: Screener, found: FoundBy) -> bool:
        """Whether none of the sieve's entries hits. Only the parts of the customer that the index has found
        are screened.

        Whether a name field is searched for names inside it depends on the whole list (`texts.fields`), which
        the sieve does not have. So it is searched as a text, which finds everything that is found in a name.
        """
        customer = self.customer(number)
        parties = customer.parties
        if number not in found.codes:
            if number not in found.texts:
                parties = tuple([party._replace(addresses=(), texts=()) for party in parties])
            if number not in found.names and number not in found.texts:  # a name goes on in an address
                parties = tuple([party._replace(names=()) for party in parties])
        if number in found.in_names or number in found.codes:
            parties += tuple(_names_as_texts(customer))
        return sieve.screen(Payment(customer.id, parties)).outcome is Outcome.CLEAR

    def _new(self, key: str) -> int:
        if self._free:
            number = self._free.pop()
        else:
            number = len(self._packed)
            self._packed.append(None)
            self._first.append(END)
        self._numbers.add(key, number)
        return number

    def _count_out(self, key: str) -> None:
        counted = self._unreadable.get(key)
        if counted is not None:
            self._digest.remove_hash(counted)
            return
        number = self.number_of(key)
        packed = self._packed[number] if number is not None else None
        if packed is not None:
            self._digest.remove(_key_bytes(key), _unpack(packed)[1])


def _names_as_texts(customer: Customer) -> Iterator[Party]:
    for party in customer.parties:
        for name in (*party.names, *joined_parts(party.names)):
            yield Party(party.role, texts=(name,))


def _key_bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogateescape")


def _pack(key: str, raw: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY, _USUAL)
    name = _key_bytes(key)
    return packer.compress(len(name).to_bytes(4) + name + raw) + packer.flush()


def _unpack(packed: bytes) -> tuple[str, bytes]:
    whole = zlib.decompressobj(-15, zdict=_USUAL).decompress(packed)
    end = 4 + int.from_bytes(whole[:4])
    return whole[4:end].decode("utf-8", "surrogateescape"), whole[end:]
