"""Lists of leads, sound or broken: nothing of a person's stands in what is told of them or kept."""

from __future__ import annotations

import gzip
import json
import random
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from kpi_toolkit.i18n import LANGS
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect, read

# What must never be seen again, in any way it is written.
MARKS = (
    "祕密王",
    "Secretperson",
    "987123450",
    "987-123-450",
    "１２３４５０",
    "secretmail",
    "祕密路",
    "203.0.113.77",
)
PERSON = {
    "name": ("祕密王小明", "Secretperson Wang", "祕密王　大文", "祕密王小明"),
    "phone": ("0987-123-450", "p:+886987123450", "０９８７１２３４５０", "987-123-450-99999"),
    "mail": ("secretmail@b.tw", "SecretMail+x@gmail.com", "secretmail@b", "Wang <secretmail@x.tw>"),
    "note": ("祕密路九號 0987123450", "secretmail@b.tw", "祕密王大文說", "祕密王小明"),
}
LISTS: dict[str, tuple[str, str]] = {
    "leads": ("姓名,電話,Email,填表時間,來源,處理狀態,廣告活動,表單名稱,IP,備註", "{name},{phone},{mail},2026/10/0{day} 09:00,{name}介紹,{name},秋季檔,表單,203.0.113.77,{note}"),
    "leads by id": ("Lead ID,Created at,Full name,Phone,Email,Lead source,Lead status,Campaign,Notes", "{phone},2026-10-0{day} 09:00,{name},{phone},{mail},{note},{note},Autumn {phone},{note}"),
    "meta_leads": (
        "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,form_name,is_organic,platform,全名,電話號碼,電子郵件,地址,lead_status",
        "l:{day},2026-10-0{day}T09:00:00+08:00,ag:1,廣告,as:2,組合,c:12345,秋季檔 {mail},f:3,{name},false,fb,{name},{phone},{mail},{note},{note}",
    ),
    "google_leads": ("Google Lead ID,Form ID,Campaign ID,GCLID,Lead Submission Time,User Email,User Phone,Full Name,City", "{day},1,{phone},g,2026-10-0{day} 09:00:00,{mail},{phone},{name},{note}"),
    "google_forms": ("時間戳記,姓名,手機號碼,Email,如何得知,廣告活動,有什麼想問的", "2026/10/{day} 上午 9:05:03,{name},{phone},{mail},{name},{name},{note}"),
}  # fmt: skip


def made(kind: str) -> tuple[list[str], list[list[str]]]:
    head, line = LISTS[kind]
    people = [dict(zip(PERSON, cells, strict=True)) for cells in zip(*PERSON.values(), strict=True)]
    rows = [[cell.format(day=day, **who) for cell in line.split(",")] for day, who in enumerate(people, 1)]
    return head.split(","), rows


def comma(rows: list[list[str]]) -> str:
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def marks_in(text: str) -> list[str]:
    return [mark for mark in MARKS if mark.lower() in text.lower()]


def nothing_told(report: LoadReport) -> None:
    for lang in LANGS:
        assert marks_in(json.dumps(report.as_json(lang), ensure_ascii=False)) == []


def nothing_kept(path: Path, folder: Path) -> LoadReport:
    loaded = read(path, folder, salt="salt")
    nothing_told(loaded.report)
    for file in loaded.tables.values():
        assert marks_in(pd.read_parquet(file).to_json(force_ascii=False, date_format="iso")) == []
        written = file.read_bytes()
        assert [mark for mark in MARKS if mark.encode() in written] == []
    return loaded.report


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_keeps_nobodys_data(tmp_path: Path, kind: str) -> None:
    head, rows = made(kind)
    report = nothing_kept(put(tmp_path / "a.csv", comma([head, *rows])), tmp_path)
    assert report.error is None, report.error.say("en")
    assert (report.source, report.rows_kept) == (kind.split()[0], len(rows))


@pytest.mark.parametrize("kind", LISTS)
def test_no_cell_that_holds_a_persons_data_by_mistake_is_echoed(tmp_path: Path, kind: str) -> None:
    head, rows = made(kind)
    whats = ("phone", "mail", "note", "name")
    for column, title in enumerate(head):
        spoilt = [
            [*row[:column], PERSON[what][at], *row[column + 1 :]]
            for at, (row, what) in enumerate(zip(rows, whats, strict=True))
        ]
        report = nothing_kept(put(tmp_path / "a.csv", comma([head, *spoilt])), tmp_path)
        if title in {"填表時間", "Created at", "created_time", "Lead Submission Time", "時間戳記"}:
            assert report.error is not None


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("by", [1, 2, 3, -1, -2, -3, 7])
def test_shifted_cells_are_neither_told_nor_kept(tmp_path: Path, kind: str, by: int) -> None:
    head, rows = made(kind)
    shifted = [[*row[-by:], *row[:-by]] for row in rows]
    nothing_kept(put(tmp_path / "a.csv", comma([head, *shifted])), tmp_path)
    good = [[*rows[0][:1], *rows[0][1:]] for _ in range(500)]
    nothing_kept(put(tmp_path / "b.csv", comma([head, *good, *shifted[:3]])), tmp_path)
    nothing_kept(put(tmp_path / "c.csv", comma([head, *[["x"] * max(by, 0) + row for row in rows]])), tmp_path)


@pytest.mark.parametrize("kind", LISTS)
def test_broken_lists_echo_nobodys_data(tmp_path: Path, kind: str) -> None:
    head, rows = made(kind)
    text = comma([head, *rows])
    spoilt: dict[str, str | bytes] = {
        "without a header": comma(rows), "a person as header": comma([rows[0], *rows]), "cut": text[: -len(text) // 4], "cut in a quote": text[:-3],
        "other encodings": comma([head, rows[0]]).encode() + comma([rows[1]]).encode("big5", "replace"), "lines joined": text.replace("\n", ","),
        "semicolons": text.replace('","', '";"'), "doubled header": comma([[*head, *head], *[[*row, *reversed(row)] for row in rows]]),
        "half of the header": comma([head[: len(head) // 2], *rows]), "no quotes": text.replace('"', ""), "zero byte": text.encode()[:-9] + b"\0",
    }  # fmt: skip
    for case, content in spoilt.items():
        report = nothing_kept(put(tmp_path / "a.csv", content), tmp_path)
        assert (report.error is None) == (report.rows_kept > 0), case


@pytest.mark.parametrize("kind", LISTS)
def test_any_order_of_columns_keeps_nobodys_data(tmp_path: Path, kind: str) -> None:
    head, rows = made(kind)
    for seed in range(4):
        order = random.Random(seed).sample(range(len(head)), len(head))
        turned = [[row[at] for at in order] for row in (head, *rows)]
        report = nothing_kept(put(tmp_path / "a.csv", comma(turned)), tmp_path)
        assert (report.error, report.source) == (None, kind.split()[0])


@pytest.mark.parametrize("kind", LISTS)
def test_workbooks_and_zips_echo_nobodys_data(tmp_path: Path, kind: str) -> None:
    head, rows = made(kind)
    wrong = [[*row[1:], row[0]] for row in rows]
    for number, content in enumerate((rows, wrong)):
        book = tmp_path / f"{number}.xlsx"
        pd.DataFrame([head, *content]).to_excel(book, header=False, index=False, engine="xlsxwriter")
        nothing_kept(book, tmp_path)
        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", comma([head, *content]))
        nothing_kept(tmp_path / "a.zip", tmp_path)
        nothing_kept(put(tmp_path / "a.gz", gzip.compress(comma([head, *content]).encode())), tmp_path)


def test_one_person_has_one_key_in_a_workspace_and_another_in_the_next(tmp_path: Path) -> None:
    own = put(tmp_path / "own.csv", "日期,姓名,電話,Email\n2026/10/01,王 小明,0912-345-670,A.B@gmail.com\n")
    meta = put(tmp_path / "meta.csv", "id,created_time,full_name,phone_number,email,form_id\nl:1,2026-10-09T09:00:00+08:00,王小明,p:+886912345670,ab@Gmail.com,f:1\n")  # fmt: skip
    keys = {}
    for salt in ("one", "two"):
        (folder := tmp_path / salt).mkdir()
        for path in (own, meta):
            row = pd.read_parquet(read(path, folder, salt=salt).tables["leads"]).iloc[0]
            keys[salt, path.stem] = tuple(row[name] for name in ("phone_key", "email_key", "name_key"))
    assert keys["one", "own"] == keys["one", "meta"]
    assert keys["two", "own"] == keys["two", "meta"]
    assert not {*keys["one", "own"]} & {*keys["two", "own"]}


@pytest.mark.parametrize("rows", [1, 300])
def test_rows_without_a_time_are_named_by_their_number_only(tmp_path: Path, rows: int) -> None:
    good = "".join(f"2026/10/01 09:00,0987123{number:03},祕密王{number}\n" for number in range(rows))
    report = inspect(put(tmp_path / "a.csv", f"填表時間,電話,姓名\n{good}昨天,0987123450,祕密王小明\n"))
    nothing_told(report)
    told = [report.error] if report.error else list(report.warnings)
    assert (report.error is None) == (rows == 300)
    assert any(
        f"row {rows + 2}, column 填表時間 (received_at): can't read (not shown)" in one.say("en") for one in told
    )
