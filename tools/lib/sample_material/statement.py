"""The testimony, in Tajik as it was given, with a Russian and an English translation."""

TEXT = """НАМУНА / ОБРАЗЕЦ / SAMPLE
Ҳамаи шахсон, созмонҳо, ҷойҳо ва рӯйдодҳо тахайюлӣ мебошанд.
Все люди, организации, места и события вымышлены.
All people, organisations, places and events are invented.


БАЁНОТИ ШОҲИД «BLUE HERON»

Парванда: juniper-2023. Санаи суҳбат: 1 июни соли 2023. Забони суҳбат: тоҷикӣ.
Рамз ба забони дигар тарҷума намешавад.

1. Ман роҳбари ташкилоти ҷамъиятие будам, ки дар ин ҷо Organisation Juniper номида мешавад. Аз
   соли 2009 мо ба оилаҳое кӯмак мерасондем, ки кӯдакони дорои маъюбият доранд, ва ҳуқуқҳояшонро
   ба онҳо мефаҳмондем.

2. Моҳи сентябри соли 2022 маро бори аввал бо телефон ба шуъбаи адлия даъват карданд. Баъд аз он
   то моҳи марти соли 2023 боз панҷ бор даъват карданд. Аз ин шаш даъват чортояш ба шуъбаи адлия
   ва дутояш ба мақомоти иҷроияи маҳаллӣ буд. Танҳо як бор даъватномаи хаттӣ доданд.

3. Ҳар дафъа ду мард бо ман гап мезаданд. Онҳо номи худро намегуфтанд. Яке мегуфт: «Ариза навис,
   ки созмонро худат бастан мехоҳӣ. Вагарна санҷиш меояд ва ба ҳамаатон бад мешавад».

4. Рӯзи 14 марти соли 2023 маро қариб чор соат нигоҳ доштанд. Матни ариза аллакай чоп шуда буд.
   Дар он навишта буданд, ки мо маблағ надорем. Ин дуруст набуд: мо барои ду соли оянда маблағ
   доштем. Ман имзо кардам, чунки метарсидам, ки ҳамкоронамро ҷазо медиҳанд.

5. Протоколи маҷлис низ тайёр буд. Чунин маҷлис ҳеҷ гоҳ нагузаштааст.

6. Рӯзи 21 марти соли 2023 ба вазорат нома навиштам, ки аризаро озодона имзо накардаам ва онро
   бозпас мегирам. Суд ин номаро баррасӣ накард.

7. Ҳоло сию чор оила бе кӯмак мондаанд. Ман мехоҳам, ки ин маълум шавад, вале намехоҳам, ки
   ҳукумат номи маро донад.

Ин баёнот ба ман хонда шуд. Ман дурустии онро тасдиқ мекунам.
Blue Heron


ПОКАЗАНИЯ СВИДЕТЕЛЯ «BLUE HERON» (перевод с таджикского)

Дело: juniper-2023. Дата беседы: 1 июня 2023 года. Язык беседы: таджикский.
Код на другие языки не переводится.

1. Я была руководителем общественной организации, которая здесь называется Organisation Juniper.
   С 2009 года мы помогали семьям, в которых растут дети с инвалидностью, и объясняли им их
   права.

2. В сентябре 2022 года меня впервые вызвали по телефону в отдел юстиции. После этого до марта
   2023 года вызывали ещё пять раз. Из шести вызовов четыре были в отдел юстиции и два в местный
   исполнительный орган. Письменную повестку дали только один раз.

3. Каждый раз со мной говорили двое мужчин. Они не называли своих имён. Один говорил: «Пиши
   заявление, что сама хочешь закрыть организацию. Иначе придёт проверка и всем вам будет
   плохо».

4. 14 марта 2023 года меня держали почти четыре часа. Текст заявления был уже напечатан. Там
   было написано, что у нас нет средств. Это неправда: средства были на два года вперёд. Я
   подписала, потому что боялась, что накажут моих сотрудников.

5. Протокол собрания тоже был готов. Такого собрания никогда не было.

6. 21 марта 2023 года я написала в министерство, что подписала заявление не по своей воле и
   отзываю его. Суд это письмо не рассмотрел.

7. Сейчас без помощи остались тридцать четыре семьи. Я хочу, чтобы об этом знали, но не хочу,
   чтобы правительство узнало моё имя.

Эти показания мне прочитали. Я подтверждаю, что они верны.
Blue Heron


STATEMENT OF WITNESS BLUE HERON (translated from Tajik)

Case: juniper-2023. Date of the interview: 1 June 2023. Language of the interview: Tajik.
The code is not translated.

1. I was the head of a public association that is called Organisation Juniper here. From 2009 we
   helped families with children with disabilities and explained their rights to them.

2. In September 2022 I was summoned for the first time, by telephone, to the Department of
   Justice. After that, until March 2023, I was summoned five more times. Of the six, four were
   to the Department of Justice and two to the local executive authority. Only once was I given
   a written summons.

3. Each time two men spoke with me. They did not say their names. One of them said: "Write an
   application that you yourself want to close the organisation. Otherwise an inspection will
   come and it will go badly for all of you."

4. On 14 March 2023 I was kept for almost four hours. The text of the application was already
   printed. It said that we had no funds. That was not true: we had funds for two years ahead. I
   signed because I was afraid that my staff would be punished.

5. The minutes of a meeting were ready too. Such a meeting never took place.

6. On 21 March 2023 I wrote to the ministry that I had not signed the application freely and was
   withdrawing it. The court did not examine this letter.

7. Thirty-four families are now left without help. I want this to be known, but I do not want
   the Government to know my name.

This statement was read to me. I confirm that it is correct.
Blue Heron
"""
