"""What lists of leads say of a lead's state and of where it came from, and what of it is meant."""

from __future__ import annotations

import re

from kpi_toolkit.tables.quoting import literal

# What lists say of how far a lead got. A person who doesn't fit is a lost lead, not an invalid one.
STATUS_WORDS = {
    "new": "新,新名單,新進,新進名單,新客,待處理,未處理,尚未處理,未聯絡,未聯繫,尚未聯絡,尚未聯繫,待聯絡,待聯繫,待撥打,未撥打,未跟進,待跟進,待分配,"
    "new,new lead,open,not contacted,open - not contacted,uncontacted,not started,to do,intake,unread",
    "contacted": "已聯絡,已聯繫,聯絡中,聯繫中,已撥打,已回覆,已致電,跟進中,追蹤中,持續追蹤,處理中,洽談中,溝通中,考慮中,再考慮,待回覆,已加line,已寄資料,"
    "contacted,working,working - contacted,in progress,connected,follow up,following up,replied,nurturing",
    "qualified": "合格,合格名單,有效,有效名單,有意願,高意願,有興趣,有需求,已預約,已約診,已約訪,已約看,已報價,報價中,商機,qualified,sales qualified,sql,mql,opportunity,"
    "valid,interested,proposal sent,quoted,appointment scheduled,open deal",
    "unreachable": "聯絡不上,聯繫不上,聯絡不到,聯繫不到,無法聯絡,無法聯繫,無人接聽,未接,未接聽,沒接,沒接電話,不接電話,關機,失聯,未讀不回,已讀不回,"
    "unreachable,no answer,not reachable,unable to contact,no response,attempted to contact",
    "invalid": "無效,無效名單,空號,錯號,打錯,號碼錯誤,電話錯誤,資料錯誤,資料不實,假資料,假名單,非本人,重複,重複名單,重複填單,測試,測試名單,垃圾名單,廣告,騷擾,"
    "invalid,junk,spam,fake,duplicate,wrong number,bad data,bad number,test",
    "won": "成交,已成交,簽約,已簽約,已購買,已下單,已付款,已報名,已到診,結案成交,won,closed won,closed - won,customer,sold,deal,purchased,converted,closed - converted",
    "lost": "未成交,流失,已流失,拒絕,婉拒,無意願,沒意願,無興趣,沒興趣,無需求,不需要,不考慮,放棄,取消,已取消,不合格,不符資格,資格不符,預算不符,"
    "lost,closed lost,closed - lost,not interested,rejected,declined,unqualified,disqualified,not qualified,closed - not converted,cancelled,canceled",
}  # fmt: skip
# Meta writes how the form was filled in where other lists write how far the lead got.
META_WORDS = {"new": "created,complete,completed,raw", "contacted": "", "qualified": "", "won": ""}
# First match wins: who was recommended on LINE was recommended.
REFERRALS_BY_WORD = {
    "recommended": "介紹|推薦|朋友|親友|口碑|轉介|referr|recommend|word of mouth|friend", "exhibition": "展|exhibition|trade ?show|expo|fair",
    "messenger": "messenger|私訊|^msg$", "instagram": "instagram|(^|[^a-z])ig([^a-z]|$)", "facebook": "facebook|臉書|粉專|粉絲|meta|(^|[^a-z])fb([^a-z]|$)",
    "line": "(^|[^a-z])line([^a-z]|$)|官方帳號", "youtube": "youtube|(^|[^a-z])yt([^a-z]|$)", "tiktok": "tiktok|抖音", "google": "google|關鍵字|搜尋|adwords",
    "walk_in": "現場|來店|到店|門市|路過|walk", "phone": "電話|來電|phone|(^|[^a-z])call", "email": "e-?mail|電子報|電郵|信箱|edm|newsletter",
    "form": "表單|問卷|form", "website": "官網|網站|網頁|website|landing|(^|[^a-z])(web|site)([^a-z]|$)", "organic": "自然|organic|seo",
    "ads": "廣告|投放|(^|[^a-z])(ads?|paid)([^a-z]|$)",
}  # fmt: skip


def _bare(word: str) -> str:
    return re.sub(r"[\s_–-]", "", word.lower())


def status_of(*more: dict[str, str]) -> str:
    """SQL for the state that the words of `_status` mean, NULL for other words; `more` words come on top."""
    words = {_bare(word): status for listed in (STATUS_WORDS, *more) for status, all_of in listed.items() for word in all_of.split(",") if word}  # fmt: skip
    whens = " ".join(f"WHEN {literal(word)} THEN '{status}'" for word, status in words.items())
    return f"CASE regexp_replace(lower(_status), '[\\s_–-]', '', 'g') {whens} END"


def referral_of(cell: str) -> str:
    """SQL for where a lead came from, as one of a few kinds: the text itself may name people."""
    whens = " ".join(
        f"WHEN regexp_matches(lower({cell}), {literal(words)}) THEN '{kind}'"
        for kind, words in REFERRALS_BY_WORD.items()
    )
    return f"CASE WHEN {cell} IS NULL THEN NULL {whens} ELSE 'other' END"
