"""Bytes to text: the encoding that people saved in is the one that is read, or the file is refused by line."""

from __future__ import annotations

import codecs
import gzip
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kpi_toolkit.errors import ReadError
from kpi_toolkit.sources import encoding as enc

quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# What a Taiwanese export holds: words that Big5 has, figures, separators.
WORDS = st.text("廣告活動品牌字茶包一二三好友的是不了在人有我他這0123456789,. -ABCabc%", min_size=1, max_size=30)
TABLES = st.lists(WORDS, min_size=1, max_size=20).map(lambda lines: "日期,廣告活動\n" + "\n".join(lines) + "\n")
ENCODINGS = {
    "utf-8": (b"", "utf-8", "utf-8"),
    "utf-8 with its mark": (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    "utf-16 little": (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le+BOM"),
    "utf-16 big": (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be+BOM"),
    "Big5": (b"", "cp950", "cp950"),
}


def written(folder: Path, content: bytes) -> Path:
    path = folder / "a.csv"
    path.write_bytes(content)
    return path


def is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@quick
@given(text=TABLES, way=st.sampled_from(sorted(ENCODINGS)))
def test_text_comes_back_as_it_was_saved(tmp_path: Path, text: str, way: str) -> None:
    mark, codec, label = ENCODINGS[way]
    content = mark + text.encode(codec)
    # Some pairs of Big5 bytes are UTF-8 too; a whole file of nothing else isn't met in practice.
    assume(codec != "cp950" or not is_utf8(content))
    path = written(tmp_path, content)
    assert enc.kind(path) == "text"
    proved = enc.proved(path)
    assert proved.label == label
    assert path.read_text(encoding=proved.codec) == text
    plain = enc.to_utf8(path, proved, tmp_path / "plain.csv")
    assert plain.read_bytes() == text.encode()


@quick
@given(before=TABLES, after=WORDS)
def test_two_encodings_in_one_file_are_refused_by_line(tmp_path: Path, before: str, after: str) -> None:
    other = f"{after}廣告費用\n".encode("cp950")
    assume(not is_utf8(other))
    with pytest.raises(ReadError) as fault:
        enc.proved(written(tmp_path, before.encode() + other))
    assert f"line {before.count(chr(10)) + 1} " in fault.value.message("en")


@quick
@given(st.binary(min_size=1, max_size=400))
def test_any_bytes_are_text_that_decodes_or_a_clear_refusal(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    try:
        if enc.kind(path) == "text":
            path.read_text(encoding=enc.proved(path).codec)
    except ReadError as fault:
        assert fault.where == "a.csv"
        assert fault.todo is not None


@quick
@given(text=TABLES, cut=st.integers(1, 2))
def test_a_file_cut_inside_a_character_is_called_cut_off(tmp_path: Path, text: str, cut: int) -> None:
    content = (text + "品").encode()[:-cut]
    with pytest.raises(ReadError, match="cut off"):
        enc.proved(written(tmp_path, content))


def test_pure_ascii_is_utf_8_whatever_else_it_might_be(tmp_path: Path) -> None:
    assert enc.proved(written(tmp_path, b"Day,Cost\n2026-11-01,1\n")) == enc.UTF_8


def test_a_long_file_is_proved_to_its_end(tmp_path: Path) -> None:
    good = "2026-11-01,品牌字,1,2,3\n".encode()
    path = written(tmp_path, good * 400_000 + "品\n".encode("cp950"))
    assert enc.quick_guess(path) == enc.UTF_8
    with pytest.raises(ReadError, match="line 400001 "):
        enc.proved(path)


def test_a_character_across_the_edge_of_the_first_look_is_whole(tmp_path: Path) -> None:
    for pad in range(4):
        path = written(tmp_path, b"x" * pad + "品".encode() * enc.HEAD)
        assert enc.quick_guess(path) == enc.proved(path) == enc.UTF_8


@pytest.mark.parametrize(("content", "kind"), [(b"PK\x03\x04", None), (b"\xd0\xcf\x11\xe0" + b"\0" * 20, "excel"), (b"\x1f\x8b\x08", "gzip"), (b"a,b\n", "text"), (codecs.BOM_UTF16_LE + "a,b\n".encode("utf-16-le"), "text")])  # fmt: skip
def test_the_first_bytes_tell_the_kind_and_never_the_name(tmp_path: Path, content: bytes, kind: str | None) -> None:
    path = written(tmp_path, content)
    if kind is None:
        with pytest.raises(ReadError, match="zip structure"):
            enc.kind(path)
    else:
        assert enc.kind(path) == kind


def test_a_zip_gives_its_tables_alone_under_names_of_our_own(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../../up.csv", "deep/er/表.CSV", "readme.md", "a.exe", "b.xlsx", "長" * 90 + ".csv"):
            archive.writestr(name, "x,y\n")
    folder = tmp_path / "out"
    folder.mkdir()
    found = enc.members(path, folder)
    assert [item.suffix.lower() for item in found] == [".csv", ".csv", ".xlsx", ".csv"]
    assert {item.parent for item in found} == {folder}


def test_gzip_comes_out_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert enc.kind(path) == "gzip"
    assert enc.unpacked(path, tmp_path).read_bytes() == b"a,b\n1,2\n"
