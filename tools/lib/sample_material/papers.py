"""The papers of the story: a summons, an envelope, a consent form, a court decision."""
from .page import MARK, pdf
from .picture import INK, MARK as RED, SHADE, STAMP, Sheet

SUMMONS = """ШУЪБАИ АДЛИЯИ НОҲИЯИ ДАРАИ КАБУД
(НОҲИЯ ВА СОЗМОН ТАХАЙЮЛӢ)

ДАЪВАТНОМА

27.02.2023

БА РОҲБАРИ ТАШКИЛОТИ ҶАМЪИЯТИИ
«ЧАШМАИ САФЕД»

ШУМОРО РӮЗИ 14 МАРТИ СОЛИ 2023,
СОАТИ 9:00, БА УТОҚИ 7 ДАЪВАТ МЕКУНЕМ.
МӮҲР ВА САНАДҲОИ СОЗМОНРО БО ХУД ГИРЕД.
ҲОЗИР НАШУДАН ҶАВОБГАРӢ ДОРАД."""

CONSENT = """# CONSENT OF A WITNESS

SAMPLE / NAMUNA / OBRAZETS. The witness and the organisation are invented.

Code name:       Witness Blue Heron
Case:            juniper-2023
Date:            1 June 2023
Language:        Tajik; the form was read aloud and explained
Given by:        the witness, in writing

# What was explained
- what the testimony is for and who may use it
- what may happen if it becomes known, here and abroad
- that secrecy has limits once it leaves this vault
- that consent can be taken back at any time, and what that can no longer undo
- that no result is promised

# To whom the testimony may go, and how the witness may be known there
Own organisation, archive abroad, lawyer:              with the full name
UN Special Procedures, treaty bodies, field offices:   under the code name
Investigations of the Human Rights Council:            under the code name
Partner organisations:                                 under the code name
Researchers:                                           without name and code
Courts and prosecutors, media, the public:             refused

Name to the Government:     no
Name in a public report:    initials
Quotes:                     word for word
Voice and image:            no
Places:                     the region only
Until:                      1 June 2099

# Condition
Before anything is published, ask the witness through the safe channel.

The name behind the code is kept sealed and apart. It does not stand on this form.

Signed with the code name:   Blue Heron""".split("\n")

DECISION_1 = """# COURT OF DARAI KABUD DISTRICT (an invented court)

SAMPLE / NAMUNA / OBRAZETS. No such court, case or organisation exists.
English rendering.

# DECISION
26 May 2023                                                   Case 0-000/2023

The court, composed of one judge, in open session, in the absence of the
head of the organisation, with a representative of the Department of Justice
present, considered the application of the public association "Chashmai Safed"
to end its activity, and the statement of the Department of Justice in support.

# The court established
1. The association was registered in 2009. Its charter names help to families of
   children with disabilities and advice on their rights.
2. On 14 March 2023 the head signed an application to end the activity of the
   association of its own will, for lack of funds. Minutes of a general meeting
   of the same day are attached to it.
3. On 21 March 2023 a letter reached the Ministry of Justice in which the head
   withdrew the application and stated that it had not been signed freely.
4. The representative of the Department of Justice explained that a letter to the
   Ministry does not replace an application to the court and asked that it be
   left without examination.""".split("\n")

DECISION_2 = """# The court considers
5. The application bears the signature of the head and the seal of the association.
   The court has no reason to doubt that it was made freely.
6. The letter of 21 March 2023 was not submitted to the court in the prescribed
   form and is left without examination.
7. No notice of the hearing to the association is found in the case file. The court
   takes it that the association knew of the hearing, being the applicant.

# The court decided
- to end the activity of the public association "Chashmai Safed" on its own
  application;
- to remove it from the register;
- to hand its property to a liquidation commission of the Department of Justice
  within ten days.

The decision may be appealed within ten days of its announcement.

Judge:       (signature; the name is left out of this sample)
Secretary:   (signature; the name is left out of this sample)
Seal:        (round seal: SAMPLE)""".split("\n")


def summons():
    sheet = Sheet(620, 800)
    sheet.write(MARK, 30, 3, RED)
    for number, line in enumerate(SUMMONS.split("\n")):
        sheet.write(line, 90 + number * 34, 3 if line == "ДАЪВАТНОМА" else 2)
    sheet.box(70, 78, 480, 2, INK)
    sheet.write("МУДИРИ ШУЪБА:", 640, 2, x=70)
    for x in range(240, 330):  # a signature: a line that goes up and down
        sheet.box(x, 640 + abs((x * 7) % 40 - 20) // 2, 2, 3, STAMP)
    stamp(sheet, 440, 650)
    sheet.scan(seed=20230227)
    return sheet.png()


def envelope():
    sheet = Sheet(420, 260)
    sheet.frame(20, 20, 380, 220, INK)
    sheet.write(MARK, 32, 2, RED)
    sheet.write("АЗ: ВАЗОРАТИ АДЛИЯ (НАМУНА)", 70, 1, x=40)
    sheet.write("БА: «ЧАШМАИ САФЕД»", 190, 2, x=40)
    sheet.write("НОҲИЯИ ДАРАИ КАБУД", 212, 2, x=40)
    sheet.box(330, 60, 50, 60, SHADE)
    sheet.frame(330, 60, 50, 60, INK, 1)
    stamp(sheet, 310, 130, 45, "18.04.2023")
    sheet.scan(seed=20230418)
    return sheet.png()


def stamp(sheet, x, y, radius=80, word="НАМУНА"):
    sheet.ring(x, y, radius - 4, radius, STAMP)
    sheet.ring(x, y, radius - 12, radius - 10, STAMP)
    scale = 2 if radius > 60 else 1
    sheet.write(word, y - 3 * scale, scale, STAMP, x=x - len(word) * 3 * scale)


def consent_form():
    return pdf("SAMPLE / НАМУНА / ОБРАЗЕЦ: consent of a witness", [CONSENT])


def court_decision():
    return pdf("SAMPLE / НАМУНА / ОБРАЗЕЦ: court decision", [DECISION_1, DECISION_2])
