"""Lists of leads: own lists, Meta's and Google's forms, and the one way of writing that phones and e-mails get."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from kpi_toolkit.sources import contacts
from kpi_toolkit.sources.lead_words import STATUS_WORDS
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect
from kpi_toolkit.tables.leads import REFERRALS, STATUSES

Put = Callable[..., Path]
Look = Callable[..., LoadReport]
Kept = Callable[..., pd.DataFrame]
Said = Callable[[LoadReport], str]

# One person's phone, however it is written.
SAME = {
    "0912345670": "0912345670|0912-345-670|０９１２－３４５－６７０|（0912）345 670|0912.345.670|p:+886912345670|+886 912 345 670|+886 (0)912-345-670|886912345670|00886912345670|912345670|912345670.0|'0912345670|=\"0912345670\"|手機：0912-345-670|tel:0912345670|0912345670 轉 12|0912345670#12|0912-345-670 ext. 3|0912345670／02-2345-6781|0912345670、0922111333",
    "0223456781": "(02)2345-6781|02-23456781|０２－２３４５－６７８１＃１２|+886-2-2345-6781|+886 02 2345 6781|223456781|02 2345 6781 分機 5",
    "037321456": "037-321456|(037)321-456|+886 37 321456",
    "+85291234567": "+852 9123 4567|0085291234567|85291234567",
    "+8613800138000": "+86 138 0013 8000|8613800138000|008613800138000",
}  # fmt: skip
# By the numbering plan.
KINDS = {
    "mobile": "0900123450|0912345670|0978123450|0989111222",
    "landline": "02-2345-6781|02-8712-3450|03-4251234|03-9351234|03-8321234|037-321456|04-2234-5670|04-3606-1234|04-7212345|04-8351234|049-2312345|05-2251234|05-5321234|06-2212345|06-9271234|07-3812345|08-7321234|089-321456|082-321456|0826-61234|0836-22345|2345-6781|381-2345",
    "voip": "070-12345670",
    "toll_free": "0800-123-456|0809-080-080",
    "foreign": "+852 9123 4567|+81 90-1234-5670|+1 650 253 0000|+65 9123 4567|+44 20 7946 0958",
}  # fmt: skip
IMPOSSIBLE = (
    # Wrong lengths, services, premium numbers, area codes that don't exist, local numbers that begin with 0 or 1.
    "091234567|09123456701|123|110|0204-123456|0203-123456|01-2345671|02-1345-6781|02-345-678|03-12345|049-123|+886 12345|+8869123456701|+1234567|+8612345678901234|"
    # Made up.
    "0912345678|0912-345-678|+886912345678|0987654321|0900000000|0911111111|02-23456789|0223456789|02-2222-2222|03-2345678|1111111111|0000000000|12345678"
)  # fmt: skip
MISSING = "|無|沒有|N/A|-|none|不方便提供|abc"
NOT_TO_BE_CHECKED = (
    "8.86912E+11|0912***670|0912●●●670|0912xxx670|5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5"
)


def asked(sql: str, cell: str) -> object:
    return (duckdb.execute(f"SELECT {sql} FROM (SELECT ?::VARCHAR AS cell)", [cell]).fetchone() or ("?",))[0]


@pytest.mark.parametrize(("one", "cell"), [(one, cell) for one, cells in SAME.items() for cell in cells.split("|")])
def test_a_phone_has_one_way_of_writing(one: str, cell: str) -> None:
    assert asked(contacts.phone("cell"), cell) == one


@pytest.mark.parametrize(("kind", "cell"), [(kind, cell) for kind, cells in KINDS.items() for cell in cells.split("|")])
def test_phones_of_the_numbering_plan_are_valid(kind: str, cell: str) -> None:
    assert (asked(contacts.phone_state("cell"), cell), asked(contacts.phone_kind("cell"), cell)) == ("valid", kind)


@pytest.mark.parametrize(("state", "cell"), [(state, cell) for state, cells in (("impossible", IMPOSSIBLE), ("missing", MISSING), (None, NOT_TO_BE_CHECKED)) for cell in cells.split("|")])  # fmt: skip
def test_other_phones_are_not(state: str | None, cell: str) -> None:
    assert (asked(contacts.phone_state("cell"), cell), asked(contacts.phone_kind("cell"), cell)) == (state, None)


def test_a_hidden_phone_is_nobodys_and_a_hash_is_one_persons() -> None:
    hashed = NOT_TO_BE_CHECKED.rpartition("|")[2]
    assert asked(contacts.phone("cell"), "0912***670") is None
    assert asked(contacts.phone("cell"), hashed.upper()) == hashed


@pytest.mark.parametrize(
    ("cell", "one", "state", "kind"),
    [
        (" Wang@Shop.com.tw ", "wang@shop.com.tw", "valid", "other"), ("mailto:w@x.tw", "w@x.tw", "valid", "other"),
        ("王 <w@x.tw>", "w@x.tw", "valid", "other"), ("w＠x．tw", "w@x.tw", "valid", "other"),
        ("A.B+news@Gmail.com", "ab@gmail.com", "valid", "freemail"), ("ab@googlemail.com", "ab@gmail.com", "valid", "freemail"),
        ("a.b+c@yahoo.com.tw", "a.b+c@yahoo.com.tw", "valid", "freemail"), ("a@ms1.hinet.net", "a@ms1.hinet.net", "valid", "freemail"),
        ("a@gmial.com", "a@gmial.com", "valid", "other"), ("o'neil@a.co.uk", "o'neil@a.co.uk", "valid", "other"), ("a@公司.台灣", "a@公司.台灣", "valid", "other"),
        ("a@mailinator.com", "a@mailinator.com", "valid", "disposable"),
        ("a@b", "a@b", "impossible", None), ("test@test", "test@test", "impossible", None), ("@b.com", "@b.com", "impossible", None), ("a@", "a@", "impossible", None),
        ("a@b..com", "a@b..com", "impossible", None), ("a b@c.com", "a b@c.com", "impossible", None), ("王@c.com", "王@c.com", "impossible", None),
        ("a@example.com", "a@example.com", "impossible", None), ("0912345670", "0912345670", "impossible", None),
        ("", None, "missing", None), ("無", None, "missing", None), ("N/A", None, "missing", None), ("w***@gmail.com", None, None, None),
    ],
)  # fmt: skip
def test_e_mails(cell: str, one: str | None, state: str | None, kind: str | None) -> None:
    told = [asked(sql("cell"), cell) for sql in (contacts.email, contacts.email_state, contacts.email_domain_kind)]
    assert told == [one, state, kind]


def test_status_words_mean_one_thing_each() -> None:
    assert {*STATUS_WORDS} == {*STATUSES}
    words = [word for listed in STATUS_WORDS.values() for word in listed.split(",")]
    assert len(words) == len({*words})


# --- files ------------------------------------------------------------------------------------------------------------------


def test_an_own_list(tmp_path: Path, table: Put, whole: Look, kept: Kept, said: Said) -> None:
    path = table(
        tmp_path / "a.csv",
        "XX診所名單\n\n姓名,電話,Email,填表時間,來源,處理狀態,廣告活動,成交金額,備註\n"
        "王小明,0912-345-670,a@b.tw,2026/10/1 下午 3:05,臉書,已聯絡,秋季檔,,他說再想想\n"
        "陳大文,123,x@y,2026/10/02 09:00,王太太介紹,空號,秋季檔,,\n"
        "林小姐,+886912345670,,2026/10/03 09:00,LINE 官方,成交,,\"12,000\",\n"
        "無名氏,,,2026/10/04 09:00,某某報,怪怪的,,,\n"
        "合計,,,,,,,12000,\n",
        "cp950",
    )  # fmt: skip
    report = whole(path)
    assert (report.source, report.table, report.dropped) == ("leads", "leads", {"total row": 1})
    assert report.totals == {"leads": 4, "amount": 12000}
    assert "1 row has a status that isn't known" in said(report)
    assert "1 row has neither phone nor e-mail" in said(report)
    assert "怪怪的" not in said(report)
    rows = kept(path, tmp_path, "leads")
    assert rows["status"].fillna("").tolist() == ["contacted", "invalid", "won", ""]
    assert rows["referral"].tolist() == ["facebook", "recommended", "line", "other"]
    assert rows["phone_state"].tolist() == ["valid", "impossible", "valid", "missing"]
    assert rows["email_state"].tolist() == ["valid", "impossible", "missing", "missing"]
    assert rows["phone_key"][0] == rows["phone_key"][2] != rows["phone_key"][1]
    assert rows["received_at"][0] == pd.Timestamp("2026-10-01 15:05")
    assert rows["campaign_name"].dropna().tolist() == ["秋季檔"] * 2
    assert rows["lead_id"].is_unique
    assert set(rows["is_test"]) == {False}


def test_day_and_hour_in_two_columns(tmp_path: Path, table: Put, kept: Kept) -> None:
    text = "日期,時間,姓名,手機\n2026/10/1,下午 3:05,王,912345670\n2026/10/1,08:00,王,0912345670\n2026/10/2,,李,0922111333\n2026/10/2,25:99,李,0922111333\n"
    rows = kept(table(tmp_path / "a.csv", text), tmp_path, "leads")
    assert [str(at)[:16] for at in rows["received_at"]] == ["2026-10-01 15:05", "2026-10-01 08:00", "2026-10-02 00:00", "2026-10-02 00:00"]  # fmt: skip
    assert rows["phone_key"].nunique() == 2
    assert rows["lead_id"][0] != rows["lead_id"][1]


META = "id\tcreated_time\tad_id\tad_name\tadset_id\tadset_name\tcampaign_id\tcampaign_name\tform_id\tform_name\tis_organic\tplatform\t{name}\t{phone}\t{mail}\t您想了解什麼\tlead_status\n"
META_ROW = "l:{id}\t2026-10-01T09:0{minute}:00-05:00\tag:1\t影片A\tas:2\t北部\tc:120200000000000123\t秋季檔\tf:3\t預約表單\t{organic}\t{platform}\t{person}\t想問價錢\tCREATED\n"
META_HEADS = [{"name": "full_name", "phone": "phone_number", "mail": "email"}, {"name": "全名", "phone": "電話號碼", "mail": "電子郵件"}]  # fmt: skip


@pytest.mark.parametrize("head", META_HEADS, ids=["en", "zh"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_metas_instant_forms(tmp_path: Path, head: dict[str, str], encoding: str, table: Put, whole: Look, kept: Kept, said: Said) -> None:  # fmt: skip
    text = META.format(**head)
    text += META_ROW.format(id=11, minute=0, organic="false", platform="fb", person="王小明\tp:+886912345670\tw@b.tw")
    text += META_ROW.format(id=12, minute=1, organic="false", platform="ig", person="王小明\tp:0912-345-670\tW@B.tw")
    dummy = "<test lead: dummy data for full_name>\t<test lead: dummy data for phone_number>\ttest@fb.com"
    text += META_ROW.format(id=13, minute=2, organic="true", platform="fb", person=dummy)
    path = table(tmp_path / "leads.csv", text, encoding)
    report = whole(path)
    assert (report.source, report.rows_kept, said(report)) == ("meta_leads", 3, "")
    rows = kept(path, tmp_path, "leads")
    assert rows["received_at"].astype(str).tolist() == [
        "2026-10-01 22:00:00",
        "2026-10-01 22:01:00",
        "2026-10-01 22:02:00",
    ]
    assert rows["is_test"].tolist() == [False, False, True]
    assert rows["referral"].tolist() == ["facebook", "instagram", "organic"]
    assert rows["phone_key"][0] == rows["phone_key"][1]
    assert rows["email_key"][0] == rows["email_key"][1]
    assert rows["phone_state"].tolist() == ["valid", "valid", "missing"]
    assert (set(rows["campaign_id"]), set(rows["campaign_name"])) == ({"120200000000000123"}, {"秋季檔"})
    assert (set(rows["ad_group_name"]), set(rows["ad_name"]), set(rows["form_name"])) == (
        {"北部"},
        {"影片A"},
        {"預約表單"},
    )
    assert set(rows["status"]) == {"new"}


def test_googles_lead_forms(tmp_path: Path, table: Put, whole: Look, kept: Kept) -> None:
    text = (
        "Google Lead ID,Form ID,Campaign ID,GCLID,Lead Submission Time,User Email,User Phone,Full Name,Is Test\n"
        "TeSter-1,9,123456789,abc,2026-10-01 09:00:00+08:00,w@b.tw,+886 912 345 670,Wang,false\n"
        "TeSter-2,9,123456789,,2026-10-01T02:30:00Z,w@b.tw,+886 912 345 671,Wang,true\n"
    )
    path = table(tmp_path / "a.csv", text)
    assert whole(path).source == "google_leads"
    rows = kept(path, tmp_path, "leads")
    assert rows["received_at"].astype(str).tolist() == ["2026-10-01 09:00:00", "2026-10-01 10:30:00"]
    assert (rows["is_test"].tolist(), set(rows["referral"]), set(rows["campaign_id"])) == ([False, True], {"google"}, {"123456789"})  # fmt: skip


@pytest.mark.parametrize(
    ("head", "moment"),
    [("時間戳記,姓名,手機號碼,如何得知", "2026/10/1 下午 9:05:03"), ("Timestamp,Name,Phone,How did you hear about us", "10/1/2026 21:05:03")],
)  # fmt: skip
def test_google_forms_answers(tmp_path: Path, head: str, moment: str, table: Put, whole: Look, kept: Kept) -> None:
    last = moment.replace("10/1", "10/31")
    path = table(tmp_path / "a.csv", f"{head}\n{moment},王,0912-345-670,朋友\n{last},李,0912-345-671,\n")
    assert whole(path).source == "google_forms"
    rows = kept(path, tmp_path, "leads")
    assert str(rows["received_at"][0]) == "2026-10-01 21:05:03"
    assert rows["referral"].tolist() == ["recommended", "form"]


def test_numbered_leads_keep_their_number_when_their_state_changes(tmp_path: Path, table: Put, kept: Kept) -> None:
    line = "名單編號,日期,姓名,電話,狀態\nA1,2026/10/01,{name},{phone},{status}\n"
    first = table(tmp_path / "a.csv", line.format(name="王", phone="0912345670", status="新名單"))
    second = table(tmp_path / "b.csv", line.format(name="王先生", phone="0912345671", status="成交"))
    a, b = kept(first, tmp_path, "leads").iloc[0], kept(second, tmp_path, "leads").iloc[0]
    assert a["lead_id"] == b["lead_id"] != "A1"
    assert (a["status"], b["status"]) == ("new", "won")


def test_a_repeated_lead_without_a_number_is_known_by_time_and_person(tmp_path: Path, table: Put, kept: Kept) -> None:
    first = table(tmp_path / "a.csv", "日期,姓名,電話,狀態\n2026/10/01 09:00,王,0912345670,新名單\n")
    second = table(tmp_path / "b.csv", "電話,填表時間,姓名,處理狀態\n+886912345670,2026-10-01 09:00:00,王,成交\n")
    assert kept(first, tmp_path, "leads")["lead_id"][0] == kept(second, tmp_path, "leads")["lead_id"][0]


def test_a_lead_that_is_entered_again_word_for_word_is_one_more(tmp_path: Path, table: Put, whole: Look, kept: Kept) -> None:  # fmt: skip
    line = "2026/10/01 09:00,王,0912345670,FB\n"
    path = table(tmp_path / "a.csv", f"日期,姓名,電話,來源\n{line * 3}2026/10/02 09:00,李,0912345671,FB\n")
    report = whole(path)
    assert (report.rows_read, report.rows_kept, report.totals, dict(report.dropped)) == (4, 4, {"leads": 4}, {})
    rows = kept(path, tmp_path, "leads")
    assert rows["lead_id"].nunique() == 4
    assert rows["phone_key"].nunique() == 2
    # The next export names them alike, and the first of them as where it stood alone.
    again = kept(
        table(tmp_path / "b.csv", f"日期,姓名,電話,來源,備註\n{line.strip()},x\n{line.strip()},x\n"), tmp_path, "leads"
    )
    assert again["lead_id"].tolist() == rows["lead_id"].tolist()[:2]


def test_a_numbered_lead_that_is_copied_is_still_one(tmp_path: Path, table: Put, whole: Look) -> None:
    lines = "A1,2026/10/01,王,0912345670\n" * 2 + ",2026/10/02,李,0912345671\n" * 2
    report = whole(table(tmp_path / "a.csv", f"名單編號,日期,姓名,電話\n{lines}"))
    assert (report.rows_kept, dict(report.dropped)) == (3, {"duplicate row": 1})


def test_nothing_is_missing_that_no_column_asks_for(tmp_path: Path, table: Put, kept: Kept) -> None:
    phones = kept(
        table(tmp_path / "a.csv", "日期,姓名,電話\n2026/10/01,王,\n2026/10/02,李,0912345671\n"), tmp_path, "leads"
    )
    assert phones["phone_state"].tolist() == ["missing", "valid"]
    assert "email_state" not in phones
    mails = kept(table(tmp_path / "b.csv", "日期,姓名,Email\n2026/10/01,王,\n2026/10/02,李,a@shop.com.tw\n"), tmp_path, "leads")  # fmt: skip
    assert mails["email_state"].tolist() == ["missing", "valid"]
    assert "phone_state" not in mails


@pytest.mark.parametrize("name", ["leads.zh-TW.csv", "leads.en.csv"])
def test_the_templates_are_read(root: Path, tmp_path: Path, name: str, whole: Look, kept: Kept, said: Said) -> None:
    report = whole(root / "templates" / name)
    assert (report.source, report.rows_kept, said(report)) == ("leads", 2, "")
    rows = kept(root / "templates" / name, tmp_path, "leads")
    assert (rows["status"].tolist(), rows["phone_state"].tolist()) == (["contacted", "won"], ["valid"] * 2)
    assert (rows["phone_kind"].tolist(), rows["referral"].tolist()) == (["mobile", "landline"], ["facebook", "line"])
    assert {*rows["referral"]} <= {*REFERRALS}
    assert report.totals == {"leads": 2, "amount": 12000}


# --- what isn't a list of leads, or lacks something ----------------------------------------------------------------------------


def test_time_source_and_state_alone_are_read_with_a_warning(tmp_path: Path, table: Put, whole: Look, kept: Kept, said: Said) -> None:  # fmt: skip
    path = table(tmp_path / "a.csv", "時間,來源,狀態\n2026/10/1 09:00,FB,成交\n2026/10/2 10:00,LINE,空號\n")
    report = whole(path)
    assert report.source == "leads_without_contacts"
    assert "neither a column for phones nor one for e-mails" in said(report)
    assert "add a column Phone or Email" in said(report)
    rows = kept(path, tmp_path, "leads")
    assert rows["status"].tolist() == ["won", "invalid"]
    assert not {"phone_key", "phone_state", "email_state"} & {*rows.columns}


def test_without_a_time_it_is_refused(tmp_path: Path, table: Put) -> None:
    error = inspect(table(tmp_path / "a.csv", "姓名,電話,來源,狀態\n王,0912-111-333,FB,成交\n")).error
    assert error is not None
    assert "nearest is leads" in error.say("en")
    assert "missing columns: received_at" in error.say("en")


def test_phones_that_excel_destroyed_are_counted_and_not_blamed(tmp_path: Path, table: Put, whole: Look, kept: Kept, said: Said) -> None:  # fmt: skip
    path = table(tmp_path / "a.csv", "日期,電話\n2026/10/1,8.86912E+11\n2026/10/2,0912***670\n2026/10/3,0912345670\n")
    assert "2 phones can't be checked" in said(whole(path))
    rows = kept(path, tmp_path, "leads")
    assert rows["phone_state"].isna().tolist() == [True, True, False]
    assert rows["phone_key"].isna().tolist() == [True, True, False]


@pytest.mark.parametrize("head", ["訂單編號,日期,姓名,電話,金額", "Order ID,Date,Name,Email,Total", "日期,姓名,電話,商品名稱,數量"])  # fmt: skip
def test_a_list_of_orders_is_not_taken_for_leads(tmp_path: Path, head: str, table: Put) -> None:
    row = ",".join("2026/10/1" if cell in {"日期", "Date"} else "1" for cell in head.split(","))
    error = inspect(table(tmp_path / "a.csv", f"{head}\n{row}\n")).error
    assert error is not None
    assert "looks like a list of orders" in error.say("en")
    assert "leave this one out" not in error.say("en")
    assert error.say("zh-TW").count("→") == 1


@pytest.mark.parametrize(
    "head", ["日期,來源,狀態,花費,點擊", "Date,Source,Status,Cost,Clicks", "日期,來源,狀態,銷售額"]
)
def test_reports_of_ads_and_sales_are_not_taken_for_leads(tmp_path: Path, head: str, table: Put) -> None:
    row = ",".join("2026/10/1" if cell in {"日期", "Date"} else "1" for cell in head.split(","))
    error = inspect(table(tmp_path / "a.csv", f"{head}\n{row}\n")).error
    assert error is not None
    assert "not like leads" in error.say("en")


def test_a_platform_and_a_state_alone_make_no_list_of_leads(tmp_path: Path, table: Put) -> None:
    assert inspect(table(tmp_path / "a.csv", "日期,平台,狀態\n2026/10/1,FB,啟用\n")).error is not None
