"""Bytes to text: what kind of file it is, and in which encoding; never with errors ignored."""

from __future__ import annotations

import codecs
import gzip
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kpi_toolkit.errors import ReadError
from kpi_toolkit.i18n import Text

HEAD = 1 << 16
AT_THE_END = -1
_CHUNK = 1 << 22
_LARGEST_UNPACKED = 16 << 30
_FOREIGN = {
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"PAR1": "Parquet", b"SQLite format 3": "SQLite",
    b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"\x7fELF": "ELF", b"MZ\x90": "EXE", b"{\\rtf": "RTF",
}  # fmt: skip
# A password raises RuntimeError, an unknown method NotImplementedError, a cut or altered stream the others.
_UNPACKING_FAULTS = (EOFError, OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)
_SAVE_AS_CSV = Text(zh="請從後台重新匯出 CSV 或 XLSX", en="export it again as CSV or XLSX")


@dataclass(frozen=True)
class Encoding:
    """How a text file is encoded: the codec to decode it with, and the name that people read."""

    codec: str
    label: str


UTF_8 = Encoding("utf-8", "utf-8")
UTF_8_BOM = Encoding("utf-8-sig", "utf-8-sig")
CP950 = Encoding("cp950", "cp950")


def kind(path: Path) -> str:
    """`text`, `excel`, `zip` or `gzip`, told by the first bytes and not by the name.

    Raises ReadError for an empty file and for other binary files, naming their kind where it is known.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.removeprefix(codecs.BOM_UTF8).strip(b"\0 \r\n\t\xff\xfe"):
        raise ReadError(Text(zh="檔案是空的", en="the file is empty"), where=path.name, todo=_SAVE_AS_CSV)
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "excel"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    _refuse_foreign(head, path)
    return "text"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            return "excel" if any(name.startswith("xl/") for name in archive.namelist()) else "zip"
    except zipfile.BadZipFile as found:
        raise ReadError(
            Text(
                zh="檔案不完整：壓縮結構損壞（可能下載到一半）", en="the file is truncated: its zip structure is broken"
            ),
            where=path.name,
            todo=Text(zh="請重新下載", en="download it again"),
        ) from found


def _refuse_foreign(head: bytes, path: Path) -> None:
    name = next((name for magic, name in _FOREIGN.items() if head.startswith(magic)), None)
    if name is None and head.lstrip()[:1] == b"<" and b"<html" in head[:2048].lower():
        name = "HTML"
    if name is None and b"\0" in head and _utf16(head) is None:
        name = "binary (NUL)"
    if name is not None:
        what = Text(zh="這不是文字表格，而是 {name} 檔", en="this is not a table but a {name} file").fill(name=name)
        raise ReadError(what, where=path.name, todo=_SAVE_AS_CSV)


def _utf16(head: bytes) -> Encoding | None:
    if head.startswith(codecs.BOM_UTF16_LE):
        return Encoding("utf-16", "utf-16-le+BOM")
    if head.startswith(codecs.BOM_UTF16_BE):
        return Encoding("utf-16", "utf-16-be+BOM")
    # Without a mark: in UTF-16 every other byte of ASCII text is zero; few others are (U+4E00 is 一).
    even, odd = head[:2048:2].count(0), head[1:2048:2].count(0)
    many = len(head[:2048]) / 8
    if odd > many and even * 10 < odd:
        return Encoding("utf-16-le", "utf-16-le")
    if even > many and odd * 10 < even:
        return Encoding("utf-16-be", "utf-16-be")
    return None


def quick_guess(path: Path) -> Encoding:
    """The encoding by the file's first bytes: certain for UTF-16, to be proved on the way for UTF-8."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if (found := _utf16(head)) is not None:
        return found
    if head.startswith(codecs.BOM_UTF8):
        return UTF_8_BOM
    return UTF_8 if _utf8_fault(head, final=len(head) < HEAD) is None else CP950


def proved(path: Path) -> Encoding:
    """The encoding that the whole file decodes in: UTF-16 or UTF-8 with their marks, UTF-8, else cp950.

    Raises ReadError naming the line where none of them fits, or where UTF-8 and Big5 are mixed.
    """
    guess = quick_guess(path)
    if guess.codec.startswith("utf-16"):
        _require(path, guess)
        return guess
    fault = _first_fault(path, "utf-8")
    if fault is None:
        return UTF_8_BOM if guess is UTF_8_BOM else UTF_8
    line, chinese_before = fault
    if line == AT_THE_END and chinese_before:
        raise _cut_off(path)
    other = _first_fault(path, CP950.codec)
    if guess is UTF_8_BOM or chinese_before or other is not None:
        raise _undecodable(path, line)
    return CP950


def _require(path: Path, encoding: Encoding) -> None:
    fault = _first_fault(path, encoding.codec)
    if fault is not None:
        raise _cut_off(path) if fault[0] == AT_THE_END else _undecodable(path, fault[0])


def _cut_off(path: Path) -> ReadError:
    what = Text(zh="檔案不完整：結尾斷在一個字的中間", en="the file is cut off: it ends in the middle of a character")
    return ReadError(what, where=path.name, todo=Text(zh="請重新下載", en="download it again"))


def _undecodable(path: Path, line: int) -> ReadError:
    what = Text(
        zh="編碼混雜或損壞：第 {line} 行既不是 UTF-8，整份檔案也不是 Big5（cp950）",
        en="mixed or broken encoding: line {line} is not UTF-8, nor is the whole file Big5 (cp950)",
    )
    todo = Text(
        zh="請從後台重新匯出，或在 Excel 另存為「CSV UTF-8」",
        en="export it again, or save it from Excel as 'CSV UTF-8'",
    )
    return ReadError(what.fill(line=line), where=path.name, todo=todo)


def _zeros(path: Path, line: int) -> ReadError:
    what = Text(
        zh="第 {line} 行含有 NUL（零位元組）：檔案損壞", en="line {line} holds NUL (zero) bytes: the file is damaged"
    )
    return ReadError(what.fill(line=line), where=path.name, todo=_SAVE_AS_CSV)


def _first_fault(path: Path, codec: str) -> tuple[int, bool] | None:
    """The line of the first byte that `codec` refuses, and whether text beyond ASCII came before it; None if whole.

    A file that ends inside a character has its fault at `AT_THE_END`.
    """
    decoder = codecs.getincrementaldecoder(codec)()
    line, beyond_ascii = 1, False
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                text = decoder.decode(chunk)
            except UnicodeError as found:
                start = found.start if isinstance(found, UnicodeDecodeError) else 0
                good = chunk[: max(start, 0)]
                return line + good.count(b"\n"), beyond_ascii or not good.isascii()
            if "\0" in text:
                raise _zeros(path, line + text[: text.index("\0")].count("\n"))
            line += text.count("\n")
            beyond_ascii = beyond_ascii or not text.isascii()
    try:
        decoder.decode(b"", final=True)
    except UnicodeError:
        return AT_THE_END, beyond_ascii
    return None


def _utf8_fault(head: bytes, *, final: bool) -> UnicodeDecodeError | None:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final)
    except UnicodeDecodeError as found:
        return found
    return None


def to_utf8(path: Path, encoding: Encoding, target: Path) -> Path:
    """Write the file to `target` as UTF-8 without a mark, in a stream."""
    with (
        path.open("r", encoding=encoding.codec, newline="") as old,
        target.open("w", encoding="utf-8", newline="") as new,
    ):
        shutil.copyfileobj(old, new, _CHUNK)
    return target


def unpacked(path: Path, folder: Path) -> Path:
    """The content of a gzip file, written into `folder`. Raises ReadError when it is cut off or far too large."""
    target = folder / path.name.removesuffix(".gz")
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as out:
            _copy_limited(packed, out, path)
    except _UNPACKING_FAULTS as found:
        raise _broken_archive(path) from found
    return target


def _broken_archive(path: Path) -> ReadError:
    return ReadError(
        Text(zh="壓縮檔不完整、損壞或有密碼", en="the compressed file is truncated, broken or locked by a password"),
        where=path.name,
        todo=Text(zh="請重新下載，或解壓縮後再匯入", en="download it again, or unpack it first"),
    )


def members(path: Path, folder: Path) -> list[Path]:
    """The tables in a zip file, written into `folder` under plain names of our own; other members are left out."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [
                _member(archive, info, number, folder, path)
                for number, info in enumerate(archive.infolist())
                if _is_table(info)
            ]
    except _UNPACKING_FAULTS as found:
        raise _broken_archive(path) from found


def _is_table(info: zipfile.ZipInfo) -> bool:
    return not info.is_dir() and Path(info.filename).suffix.lower() in {".csv", ".tsv", ".txt", ".xlsx", ".xls"}


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, number: int, folder: Path, path: Path) -> Path:
    target = folder / f"{number:03d}-{Path(info.filename).name[-60:]}"
    with archive.open(info) as packed, target.open("wb") as out:
        _copy_limited(packed, out, path)
    return target


def _copy_limited(source: IO[bytes] | gzip.GzipFile, out: IO[bytes], path: Path) -> None:
    written = 0
    while chunk := source.read(_CHUNK):
        written += out.write(chunk)
        if written > _LARGEST_UNPACKED:
            raise ReadError(
                Text(zh="解壓縮後過大", en="far too large once unpacked"), where=path.name, todo=_SAVE_AS_CSV
            )
