# SPDX-License-Identifier: EUPL-1.2
"""Sealing and hashing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.encryption import Cipher, SealedError

OLD, NEW = b"o" * 32, b"n" * 32
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts)
def test_what_is_sealed_opens_again(text):
    assert Cipher([OLD]).decrypt(Cipher([OLD]).encrypt(text)) == text


@given(texts.filter(lambda text: len(text) > 3))
def test_nothing_of_the_text_is_readable(text):
    assert text.encode() not in Cipher([OLD]).encrypt(text)


@given(texts)
def test_a_new_key_still_reads_the_old_one_and_knows_which_is_which(text):
    both, sealed = Cipher([NEW, OLD]), Cipher([OLD]).encrypt(text)
    assert both.decrypt(sealed) == text
    assert not both.is_current(sealed)
    assert both.is_current(both.encrypt(text))
    with pytest.raises(SealedError):
        Cipher([OLD]).decrypt(both.encrypt(text))


@given(st.binary(max_size=200))
def test_other_bytes_do_not_open(noise):
    with pytest.raises(SealedError):
        Cipher([OLD]).decrypt(noise)


def test_a_changed_field_does_not_open(cipher):
    sealed = bytearray(cipher.encrypt("ik zoek een huis"))
    sealed[30] = ord("A") if sealed[30] != ord("A") else ord("B")
    with pytest.raises(SealedError):
        cipher.decrypt(bytes(sealed))


def test_the_same_text_is_sealed_differently_each_time(cipher):
    assert cipher.encrypt("hoi") != cipher.encrypt("hoi")


@given(texts, texts)
def test_hashes_differ_by_value_and_by_key(one, other):
    both = Cipher([NEW, OLD])
    assert (both.lookup(one) == both.lookup(other)) == (one == other)
    assert both.lookups(one) == [Cipher([NEW]).lookup(one), Cipher([OLD]).lookup(one)]
    assert both.lookup(one) != Cipher([OLD]).lookup(one)
    assert len(both.lookup(one)) == 32


@pytest.mark.parametrize("keys", [[], [b"short"], [OLD, b"short"]])
def test_bad_keys_are_refused(keys):
    with pytest.raises(ValueError, match="secret key"):
        Cipher(keys)
