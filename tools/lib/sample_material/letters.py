"""The folder of letters, and the note that says that all of it is invented."""

README = """# Sample evidence: all of it is invented

НАМУНА: ҳамааш тахайюлӣ аст. ОБРАЗЕЦ: всё вымышлено. SAMPLE: nothing here is real.

The organisation "Чашмаи Сафед" (fictional), the district Дараи Кабуд (fictional), the court,
the offices, the witness and every letter were made up to try this software with. No living or
dead person is meant. The story follows what many organisations have reported, and no single one
of them.

| file | what it is |
| --- | --- |
| `testimony/statement.txt` | a witness's statement in Tajik, with Russian and English translations |
| `testimony/recording.wav` | tones that stand for the recording of the statement |
| `testimony/consent-form.pdf` | what the witness agreed to |
| `summons/summons.png` | the only written summons |
| `court/decision.pdf` | the decision that closed the organisation |
| `correspondence/` | letters and notes, with folders, names in three languages and one empty file |

The testimony names neither the witness nor the organisation: both go by a code, Blue Heron and
Organisation Juniper. The names belong into identity fields of the records, which are in
`../records/`. The official papers name the organisation, as such papers do, and no person.

`tools/make-material` writes all these files anew, byte for byte.
"""

TO_MINISTRY = """НАМУНА / ОБРАЗЕЦ / SAMPLE (ҳамааш тахайюлӣ аст)

Ба Вазорати адлия
Аз ташкилоти ҷамъиятии «Чашмаи Сафед»
21 марти соли 2023

Дар бораи бозпас гирифтани ариза

Рӯзи 14 марти соли 2023 дар шуъбаи адлияи ноҳияи Дараи Кабуд роҳбари ташкилоти мо ба аризаи
қатъи фаъолият имзо гузошт. Матни ариза ва протоколи маҷлисро мо нанавиштаем. Маҷлиси умумӣ
нагузаштааст. Имзо озодона гузошта нашудааст: пеш аз он роҳбарро шаш бор даъват карда, бо санҷиш
ва ҷазои кормандон тарсонданд.

Ташкилот маблағ дорад ва фаъолияташро давом додан мехоҳад. Аризаро бозпас мегирем ва хоҳиш
мекунем, ки он баррасӣ нашавад. Хоҳиш мекунем, ки ҷавоби хаттӣ диҳед.

Роҳбари ташкилот (имзо; ном дар ин намуна нест)
"""

FROM_MINISTRY = """ОБРАЗЕЦ / НАМУНА / SAMPLE (всё вымышлено)

Министерство юстиции
18 апреля 2023 года
Общественной организации «Чашмаи Сафед»

На Ваше письмо от 21 марта 2023 года

Сообщаем, что заявление о прекращении деятельности подано Вашей организацией добровольно,
подписано руководителем и заверено печатью. К нему приложен протокол общего собрания. Материалы
переданы в суд района Дараи Кабуд (вымышленный район). Отзыв заявления письмом в министерство
законом не предусмотрен.

Доводы о давлении не подтверждены документами. Проверка по ним не проводилась.

Начальник управления (подпись; имени в этом образце нет)
"""

CALL = """SAMPLE / НАМУНА / ОБРАЗЕЦ (all invented)

Note of a telephone call, 12 September 2022, 10:40

Caller: a man who said he was from the Department of Justice. He gave no name.
Taken by: Blue Heron.

He said: "Come tomorrow at nine, alone. It is about your organisation. You need no paper for that."
Asked for a written summons, he said that there would be time for paper later.
"""

# As a spreadsheet writes it: lines end in CR LF (RFC 4180).
SUMMONSES = "\r\n".join([
    "рақам,сана,шакл,мақомот,талаб,эзоҳ",
    "1,2022-09-12,телефон,шуъбаи адлия,омадан,НАМУНА: ҳамааш тахайюлӣ аст",
    "2,2022-11-03,телефон,мақомоти иҷроияи маҳаллӣ,рӯйхати кормандон,",
    "3,2022-12-20,шифоҳӣ,шуъбаи адлия,«худатон баста кунед»,ду соат",
    "4,2023-01-17,паёмак,шуъбаи адлия,ариза навиштан,\"матн дода шуд, гирифта нашуд\"",
    "5,2023-02-08,телефон,мақомоти иҷроияи маҳаллӣ,ариза навиштан,таҳдиди санҷиш",
    "6,2023-02-27,даъватномаи хаттӣ,шуъбаи адлия,14 март омадан,имзо дар ҳамон рӯз",
    "",
])
