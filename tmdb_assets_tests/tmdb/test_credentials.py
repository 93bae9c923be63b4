import pytest

from tmdb_assets.tmdb.credentials import Credential
from tmdb_assets.tmdb.errors import AuthenticationError


def test_a_token_is_told_from_a_key_by_its_shape() -> None:
    assert Credential.parse("eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln").is_token
    assert not Credential.parse("0123456789abcdef0123456789abcdef").is_token


def test_repr_does_not_show_it() -> None:
    assert "secret" not in repr(Credential.parse("0123secret"))


@pytest.mark.parametrize("text", [None, "", "  "])
def test_none_is_a_sentence_that_says_what_to_set(text: str | None) -> None:
    with pytest.raises(AuthenticationError, match="TMDB_API_KEY"):
        Credential.parse(text)


@pytest.mark.parametrize("text", ["abc def", "abc\ndef", "naïve"])
def test_what_cannot_be_sent_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(AuthenticationError) as caught:
        Credential.parse(text)

    assert text not in str(caught.value)
