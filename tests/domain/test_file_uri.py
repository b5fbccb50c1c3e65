"""File URIs are read as release 0.169.0 reads them."""

import pytest

from domain.file_uri import joined, read_file_uri
from domain.limits import FOLDER_LENGTH_REMEMBERED_MAX

PATHS: list[tuple[str, str | None]] = [
    ("file:///a", "/a"),
    ("file:///", "/"),
    ("file:///a/", "/a/"),
    ("file:///a//b", "/a//b"),
    ("file:////a", "/a"),
    ("file:///a/./b/../c", "/a/c"),
    ("file:///a/..", "/"),
    ("file:///../a", "/a"),
    ("file:///a%2e%2e/b", "/a../b"),
    ("file:///a/%2E%2e/b", "/b"),
    ("file:/a", "/a"),
    ("file:a", "/a"),
    ("file:", "/"),
    ("FILE:///a", "/a"),
    (" file:///a \n", "/a"),
    ("file:///a\tb\nc", "/abc"),
    ("file://localhost/a", "/a"),
    ("file://LOCALHOST/a", "/a"),
    ("file:///a%20b", "/a b"),
    ("file:///a b", "/a b"),
    ("file:///%E4%BD%A0", "/你"),
    ("file:///你", "/你"),
    ("file:///a%zz%", "/a%zz%"),
    ("file:///a%25b", "/a%b"),
    ("file:///a%2Fb", "/a/b"),
    ("file:///a%ffb", "/a\ufffdb"),
    ("file:///a\\b", "/a/b"),
    ("file:///a%5Cb", "/a\\b"),
    ("file:///~/x", "/~/x"),
    ("file:///C:/x", "C:\\x"),
    ("file:///c:/x%20y", "C:\\x y"),
    ("file:///C:", "C:\\"),
    ("file:///C:/../x", "C:\\x"),
    ("file:///C%3A/x", "C:\\x"),
    ("file:///CC:/x", "/CC:/x"),
    ("file:///C|/x", "/C|/x"),
    ("file://host/a", "\\\\host\\a"),
    ("file:///" + "a" * FOLDER_LENGTH_REMEMBERED_MAX, "/" + "a" * FOLDER_LENGTH_REMEMBERED_MAX),
    ("file:///a%00b", None),
    ("file:///a?b", None),
    ("file:///a#b", None),
    ("http://a/b", None),
    ("/a", None),
    ("", None),
    ("x file:///a", None),
]


@pytest.mark.parametrize(("uri", "path"), PATHS)
def test_a_file_uri_names_a_path(uri: str, path: str | None) -> None:
    assert read_file_uri(uri) == path


JOINED: list[tuple[str, str, str]] = [
    ("/a", "f", "/a/f"),
    ("/a/", "f", "/a/f"),
    ("/", "f", "/f"),
    ("/a", "/abs", "/abs"),
    ("/a", "/b/../c//d/", "/c/d"),
    ("/a", "./q/../r", "/a/r"),
    ("/a", "../s", "/s"),
    ("/a", "../../../z", "/z"),
    ("/a//b", "../s", "/a//s"),
    ("/a", "", "/a"),
    ("/a/", "", "/a/"),
    ("/a", ".", "/a"),
    ("/a", "~", "/a/~"),
    ("/a", "a\\b", "/a/a\\b"),
    ("/a", "b//c/", "/a/b/c"),
    ("C:\\x", "f", "C:\\x\\f"),
    ("C:\\x", "/abs", "C:\\abs"),
    ("C:\\x", "..\\s", "C:\\s"),
    ("C:\\x", "..", "C:\\"),
    ("C:\\x", "D:\\q", "D:\\q"),
    ("\\\\host\\share", "f", "\\\\host\\share\\f"),
    ("\\\\host\\share\\a", "/abs", "\\\\host\\share\\abs"),
    ("\\\\host\\share", "..", "\\\\host\\share"),
]


@pytest.mark.parametrize(("base", "path", "whole"), JOINED)
def test_a_path_is_set_against_a_folder(base: str, path: str, whole: str) -> None:
    assert joined(base, path) == whole
