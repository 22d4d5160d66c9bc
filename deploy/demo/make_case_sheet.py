#!/usr/bin/env python3
"""Make ``case-sheet.xlsx``: IOM's HTCDS 2.0 case sheet, filled for the demo.

Everybody in it is invented and plainly so: given names are a cloud, a stream, a
hill; telephone numbers begin with +84 000, which no line in Viet Nam does; mail
goes to ``.invalid``. The rows say what an officer needs to know and no more.
Dates lie before 2018-03-05, where the demo's case clock starts.

The headings are those of the standard's own workbook with all its quirks (row
numbers in column A, a misspelt name, an unnamed column, four mailing names that
contradict the labels beneath), followed by three columns that an organisation
might add: two of the standard's optional fields and one of its own.

Run ``python deploy/demo/make_case_sheet.py`` to write the file anew. Headings from
HTCDS 2.0, International Organization for Migration, CC BY 4.0; no endorsement.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

FILE = Path(__file__).parent / "case-sheet.xlsx"

#: Columns B to AM of both of the standard's workbooks: heading, label beneath.
ORIGINAL_HEADINGS: tuple[tuple[str, str], ...] = (
    ("cas_CaseOwner", "Case Owner"),
    ("prs_Salutation", "Salutation"),
    ("prs_FirstName", "First Name"),
    ("prs_SecondName", "Second Name"),
    ("con_Consent", "Consent"),
    ("prs_Birthdate", "Birthdate"),
    ("prs_Gender", "Gender"),
    ("prs_Citizenship", "Citizenship"),
    ("prs_Title", "Title"),
    ("prs_Email", "Email"),
    ("prs_HomePhone", "Home Phone"),
    ("prs_MobilePhone", "Mobile Phone"),
    ("prs_MailingCity", "Mailing Street"),
    ("prs_MailingCountry", "Mailing City"),
    ("prs_MailingState", "Mailing State/Province"),
    ("prs_MailingStreet", "Mailing Zip/Postal Code"),
    ("prs_MailingPostalCode", "Mailing Country"),
    ("vic_TraffickingStatus", "Trafficking Status"),
    (
        "vic_TraffickinStatusDecisionMakingOrg",
        "Trafficking Status Decision Making Organization",
    ),
    ("vic_MethodOfRecruitment", "Method of Recruitment"),
    ("vic_LocationOfRecruitment", "Location of Recruitment"),
    ("vic_MethodsOfControl", "Methods of Control"),
    ("vic_TypeOfExploitation", "Type of Exploitation"),
    ("vic_ForcedLabourIndustry", "Forced Labour Industry"),
    ("vic_TypeOfSexExploitation", "Type of Sex Exploitation"),
    ("vic_LocationOfExploitation", "Location of Exploitation"),
    ("cas_Status", "Status"),
    ("cas_ReferringOrganisation", "Referring Organisation"),
    ("cas_IncomingReferralDate", "Incoming Referral Date"),
    ("cas_ReferringPrimaryCaseWorker", "Referring Primary Case Worker"),
    ("cas_ReasonForIncomingReferral", "Reason for Incoming Referral"),
    ("cas_IncomingReferralDetails", "Incoming Referral Details"),
    ("cas_ReferredOrganisation", "Referred Organisation"),
    ("cas_ReferredPrimaryCaseWorker", "Referred Primary Case Worker"),
    ("", "Reason for Outgoing Referral"),
    ("cas_OutgoingReferralDate", "Outgoing Referral Date"),
    ("cas_OutgoingReferralDetails", "Outgoing Referral Details"),
    ("cas_ReasonForCaseClosure", "Reason for Case Closure"),
)

#: What this sheet's invented organisation added after them.
ADDED_HEADINGS: tuple[tuple[str, str], ...] = (
    ("prs_PrimaryLanguage", "Primary Language"),
    ("vic_RecruitmentWebsitesAndApps", "Recruitment Websites and Apps"),
    ("local_PreferredHour", "Preferred hour to be called"),
)

#: One row a person: label beneath the heading -> what somebody typed.
PEOPLE: tuple[dict[str, str | date | bool], ...] = (
    {
        "Case Owner": "Case worker CW-01",
        "Salutation": "Ms",
        "First Name": "Mây",
        "Second Name": "Suối Bạc",
        "Consent": True,
        "Birthdate": date(1996, 4, 12),
        "Gender": "Feminine",
        "Citizenship": "Viet Nam",
        "Mobile Phone": "+84 000 555 0101",
        "Mailing Street": "Invented Lane 1",
        "Mailing City": "Bát Xát",
        "Mailing State/Province": "Lào Cai",
        "Mailing Zip/Postal Code": "00000",
        "Mailing Country": "Viet Nam",
        "Trafficking Status": "Possible victim of trafficking",
        "Trafficking Status Decision Making Organization": "NGO",
        "Method of Recruitment": "Through friends or social events",
        "Methods of Control": "False promises; Withholds documents",
        "Type of Exploitation": "Forced marriage",
        "Status": "Active",
        "Referring Organisation": "Invented Women's Union branch",
        "Incoming Referral Date": date(2018, 2, 26),
        "Reason for Incoming Referral": "Additional Services Required",
        "Incoming Referral Details": "Came home by herself; asks for a place to stay.",
        "Primary Language": "Hmong",
        "Recruitment Websites and Apps": "Zalo",
        "Preferred hour to be called": "mornings",
    },
    {
        "Case Owner": "Case worker CW-01",
        "Salutation": "Mr",
        "First Name": "Đồi",
        "Second Name": "Thông Xanh",
        "Consent": "yes",
        "Birthdate": "03/09/1989",
        "Gender": "masculine",
        "Citizenship": "VN",
        "Mobile Phone": "+84 000 555 0102",
        "Mailing City": "Điện Biên Phủ",
        "Mailing State/Province": "Điện Biên",
        "Mailing Country": "VNM",
        "Trafficking Status": "PossibleVictimOfTrafficking",
        "Trafficking Status Decision Making Organization": (
            "NonPoliceGovernmentalOrganization"
        ),
        "Method of Recruitment": "ThroughAnOnlineAdvertisement",
        "Methods of Control": "TakesEarnings;RestrictsMovement",
        "Type of Exploitation": "ForcedLabour",
        "Forced Labour Industry": "F_Construction",
        "Status": "FollowUp",
        "Incoming Referral Date": date(2018, 1, 15),
        "Reason for Incoming Referral": "MigrationOrChangeOfLocation",
        "Primary Language": "vie",
    },
    {
        "Case Owner": "Case worker CW-02",
        "First Name": "Lá",
        "Second Name": "Gió Nhẹ",
        "Consent": "✓",
        "Birthdate": "2001-11-30",
        "Gender": "Feminine",
        "Citizenship": "Vietnam",
        "Home Phone": "+84 000 555 0103",
        "Mailing State/Province": "Hà Giang",
        "Mailing Country": "Viet Nam",
        "Trafficking Status": "Possible victim of trafficking",
        "Trafficking Status Decision Making Organization": "Police",
        "Method of Recruitment": "Through online social networks",
        "Type of Exploitation": "Other",
        "Status": "Active",
        "Incoming Referral Date": date(2018, 3, 1),
        "Reason for Incoming Referral": "Additional Services Required",
        "Incoming Referral Details": "Wishes to finish school.",
        "Primary Language": "Vietnamese",
        "Recruitment Websites and Apps": "Facebook, Zalo",
    },
    {
        "Case Owner": "Case worker CW-02",
        "Salutation": "Mr",
        "First Name": "Biển",
        "Second Name": "Cát Vàng",
        "Consent": True,
        "Birthdate": date(1984, 6, 2),
        "Gender": "Masculine",
        "Citizenship": "Viet Nam; Lao People's Democratic Republic",
        "Mailing State/Province": "Sơn La",
        "Mailing Country": "Viet Nam",
        "Trafficking Status": "Actual victim of trafficking",
        "Trafficking Status Decision Making Organization": "Police",
        "Method of Recruitment": "At work",
        "Methods of Control": "Excessive working hours",
        "Type of Exploitation": "Forced labour",
        "Forced Labour Industry": "Agriculture, forestry and fishing",
        "Status": "Closed",
        "Incoming Referral Date": date(2016, 5, 9),
        "Reason for Incoming Referral": "Additional Services Required",
        "Reason for Case Closure": "Works as he planned; he asked for the closure.",
        "Primary Language": "Lao",
    },
    {
        "Case Owner": "Case worker CW-01",
        "Salutation": "Ms",
        "First Name": "Trăng",
        "Second Name": "Đá Cuội",
        "Consent": True,
        "Birthdate": date(1992, 1, 20),
        "Gender": "Feminine",
        "Citizenship": "Viet Nam",
        "Mailing State/Province": "Yên Bái",
        "Mailing Country": "Viet Nam",
        "Trafficking Status": "Actual victim of trafficking",
        "Trafficking Status Decision Making Organization": "Court or prosecution",
        "Type of Exploitation": "Servitude",
        "Status": "Closed Referred",
        "Incoming Referral Date": date(2017, 8, 21),
        "Reason for Incoming Referral": "Migration or Change of Location",
        "Referred Organisation": "Invented Vocational Centre",
        "Reason for Outgoing Referral": "Additional Services Required",
        "Outgoing Referral Date": date(2017, 12, 4),
        "Outgoing Referral Details": "Tailoring course; travel is paid.",
        "Reason for Case Closure": "Transferred at her wish.",
        "Primary Language": "Vietnamese",
    },
)


def case_sheet() -> Workbook:
    """The filled workbook, the same cells every time."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Case Sheet"
    headings = ORIGINAL_HEADINGS + ADDED_HEADINGS
    for column, (name, label) in enumerate(headings, start=2):
        sheet.cell(1, column, name or None)
        sheet.cell(2, column, label)
    columns = {label: column for column, (_, label) in enumerate(headings, start=2)}
    for number, person in enumerate(PEOPLE, start=1):
        sheet.cell(number + 2, 1, number)
        for label, value in person.items():
            sheet.cell(number + 2, columns[label], value)
    _describe(book)
    return book


def _describe(book: Workbook) -> None:
    about: Worksheet = book.create_sheet("about")
    about["A1"] = "Relais demo: HTCDS 2.0 case sheet filled with invented people"
    about["A2"] = "Headings: HTCDS 2.0, (c) International Organization for Migration"
    about["A3"] = "https://github.com/UNMigration/HTCDS, CC BY 4.0; no endorsement"
    made = datetime(2018, 3, 5, tzinfo=UTC).replace(tzinfo=None)
    book.properties.creator = "Relais"
    book.properties.created = made
    book.properties.modified = made


if __name__ == "__main__":
    case_sheet().save(FILE)
