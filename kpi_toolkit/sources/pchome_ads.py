"""PChome 刊登廣告 (PFP): the zh-TW report; its return on ad spend is a percent figure and is recomputed, never read."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources.source import Source, TotalRows

SOURCE = Source(
    id="pchome_ads",
    title=Text(zh="PChome 聯播網廣告（PFP）報表", en="PChome ads (PFP) report"),
    table="ads_daily",
    headers={
        "date_day": ("日期", "報表日期", "日"),
        "account_name": ("帳戶", "帳戶名稱", "帳戶編號"),
        "campaign_name": ("廣告活動", "廣告活動名稱"),
        "ad_group_name": ("廣告分類", "分類", "廣告分類名稱"),
        "ad_name": ("廣告", "廣告名稱", "廣告明細", "關鍵字"),
        "device": ("裝置", "播放裝置", "廣告播放裝置"),
        "placement": ("廣告版位", "版位", "網站"),
        "spend": ("費用", "廣告費用"),
        "impressions": ("廣告曝光數",),
        "clicks": ("廣告點擊數(互動數)", "廣告點擊數", "點擊數(互動數)", "廣告互動數"),
        "invalid_clicks": ("無效點擊數", "無效點擊數(互動數)"),
        "conversions": ("轉換次數",),
        "conversions_value": ("總轉換價值",),
        "status": ("狀態", "廣告活動狀態"),
    },
    needs=("spend", "impressions"),
    signature=("廣告曝光數", "廣告點擊數(互動數)", "無效點擊數", "總轉換價值", "廣告投資報酬率(%)"),
    known=(
        "點擊率", "點擊率(互動率)", "單次點擊費用", "單次點擊(互動)費用", "每千次曝光費用", "轉換率", "平均轉換價值", "平均轉換成本", "廣告投資報酬率(%)", "廣告投資報酬率",
        "每日預算", "廣告計價方式", "廣告樣式",
    ),
    preamble="PChome|PFP",
    # A Taiwanese network: accounts are kept in nothing else.
    constants={"currency": "TWD"},
    totals=TotalRows(label="total|總計|合計|總和", blank=("date_day", "campaign_name", "ad_group_name", "ad_name")),
)  # fmt: skip
