# SPDX-License-Identifier: EUPL-1.2
"""The words with which people name days and times, in the four languages.

Tigrinya months are the Gregorian ones as Eritreans name them; Arabic ones are named both ways, as in Egypt
and as in Syria.
"""

WEEKDAYS = (
    ("maandag", "ma", "monday", "mon", "الاثنين", "الإثنين", "ሰኑይ"),
    ("dinsdag", "di", "tuesday", "tue", "الثلاثاء", "ሰሉስ", "ሠሉስ"),
    ("woensdag", "wo", "wednesday", "wed", "الأربعاء", "الاربعاء", "ረቡዕ", "ሮቡዕ"),
    ("donderdag", "do", "thursday", "thu", "الخميس", "ሓሙስ"),
    ("vrijdag", "vr", "friday", "fri", "الجمعة", "ዓርቢ"),
    ("zaterdag", "za", "saturday", "sat", "السبت", "ቀዳም"),
    ("zondag", "zo", "sunday", "sun", "الأحد", "الاحد", "ሰንበት"),
)
MONTHS = (
    ("januari", "jan", "january", "يناير", "كانون الثاني", "ጥሪ"),
    ("februari", "feb", "february", "فبراير", "شباط", "ለካቲት"),
    ("maart", "mrt", "march", "mar", "مارس", "آذار", "መጋቢት"),
    ("april", "apr", "أبريل", "ابريل", "نيسان", "ሚያዝያ"),
    ("mei", "may", "مايو", "أيار", "ግንቦት"),
    ("juni", "jun", "june", "يونيو", "حزيران", "ሰነ"),
    ("juli", "jul", "july", "يوليو", "تموز", "ሓምለ"),
    ("augustus", "aug", "august", "أغسطس", "آب", "ነሓሰ"),
    ("september", "sep", "sept", "سبتمبر", "أيلول", "መስከረም"),
    ("oktober", "okt", "october", "oct", "أكتوبر", "تشرين الأول", "ጥቅምቲ"),
    ("november", "nov", "نوفمبر", "تشرين الثاني", "ሕዳር"),
    ("december", "dec", "ديسمبر", "كانون الأول", "ታሕሳስ"),
)
DAYS_AHEAD = {
    "vandaag": 0, "today": 0, "اليوم": 0, "ሎሚ": 0, "ሎሚ መዓልቲ": 0,
    "morgen": 1, "tomorrow": 1, "غدا": 1, "غداً": 1, "بكرة": 1, "ጽባሕ": 1,
    "overmorgen": 2, "the day after tomorrow": 2, "day after tomorrow": 2, "بعد غد": 2, "ድሕሪ ጽባሕ": 2,
}  # fmt: skip
NEXT_WEEK = ("volgende week", "next week", "الأسبوع القادم", "ዝመጽእ ሰሙን")
COMING = ("aanstaande", "komende", "deze", "this", "coming", "القادم", "القادمة", "ዝመጽእ")
"""Beside a weekday: the next one of that name. 'volgende' and 'next' are left out: people differ on them."""
MORNING = ("ochtend", "ochtends", "morgens", "morning", "am", "a.m.", "صباحا", "صباحاً", "ንግሆ")
AFTERNOON = ("middag", "middags", "namiddag", "afternoon", "بعد الظهر", "ظهرا", "ظهراً", "ድሕሪ ቀትሪ")
EVENING = ("avond", "avonds", "evening", "مساء", "مساءً", "ليلا", "ምሸት")
PM = ("pm", "p.m.")
HOURS = {
    word: hour
    for hour, words in enumerate(
        (
            ("een", "één", "one", "الواحدة"),
            ("twee", "two", "الثانية"),
            ("drie", "three", "الثالثة"),
            ("vier", "four", "الرابعة"),
            ("vijf", "five", "الخامسة"),
            ("zes", "six", "السادسة"),
            ("zeven", "seven", "السابعة"),
            ("acht", "eight", "الثامنة"),
            ("negen", "nine", "التاسعة"),
            ("tien", "ten", "العاشرة"),
            ("elf", "eleven", "الحادية عشرة"),
            ("twaalf", "twelve", "الثانية عشرة"),
        ),
        start=1,
    )
    for word in words
}
NOON = ("noon", "midday", "الظهر", "ቀትሪ")
AT = ("om", "at", "@", "الساعة", "ሰዓት")
"""What stands before an hour."""
OCLOCK = ("uur", "u", "h", "o'clock")
"""What stands behind an hour."""
FILLERS = frozenset(
    (
        *("op", "de", "het", "om", "uur", "u", "h", "in", "on", "the", "at", "of", "s"),
        *("يوم", "في", "من", "الساعة", "ዕለት", "መዓልቲ", "ኣብ", "ሰዓት", "ናይ"),
    )
)
"""What may stand around a moment and says nothing about it. Any other word makes that nothing is sure."""
UNTIL = ("tot en met", "t/m", "tot", "until", "till", "حتى", "إلى", "ክሳብ")
"""What may stand before a last day."""
PARTS = {
    "vanochtend": "vandaag ochtend", "vanmorgen": "vandaag ochtend", "vanmiddag": "vandaag middag",
    "vanavond": "vandaag avond", "tonight": "today evening", "this morning": "today morning",
    "this afternoon": "today afternoon", "this evening": "today evening", "الليلة": "اليوم مساء",
    "هذا المساء": "اليوم مساء", "ሎምሸት": "ሎሚ ምሸት", "ሎሚ ምሸት": "ሎሚ ምሸት",
}  # fmt: skip
"""A day and a part of it in one word, taken apart."""
