#ifndef CEMBEDDED_H
#define CEMBEDDED_H

#include <stddef.h>
#include <stdint.h>

/* Files of this repository that are part of the program, each as it was when the program was built. In Swift they
   would be array literals, and a megabyte of those takes its compiler minutes. */
struct embedded_file {
  const uint8_t *start;
  size_t byte_count;
} __attribute__((swift_name("EmbeddedFile"), swift_attr("@Sendable"), swift_attr("safe")));

/* In Swift, EmbeddedFile.name: the name of the file with _ for each mark in it. */
#define EMBEDDED(name) \
  extern const struct embedded_file embedded_##name __attribute__((swift_name("EmbeddedFile." #name)))

/* The kinds of records: Vault/schema. */
EMBEDDED(testimony_json);
EMBEDDED(document_json);
EMBEDDED(dissolution_case_json);
EMBEDDED(pressure_event_json);
EMBEDDED(person_json);
EMBEDDED(translation_json);
EMBEDDED(recipient_json);
EMBEDDED(recipient_revoked_json);
EMBEDDED(export_json);
EMBEDDED(disclosure_json);
EMBEDDED(withdrawal_json);
EMBEDDED(custody_json);
EMBEDDED(receipt_json);
EMBEDDED(salvage_json);
EMBEDDED(recovery_json);
EMBEDDED(intake_json);
EMBEDDED(intake_revoked_json);
EMBEDDED(collection_json);
EMBEDDED(readers_json);
EMBEDDED(reseal_json);
EMBEDDED(signing_key_json);

/* The phrases for people in other languages than English, for each part of the program: Sources/Wording. */
EMBEDDED(report_ru_json);
EMBEDDED(terminal_ru_json);
EMBEDDED(help_ru_json);
EMBEDDED(submission_ru_json);
EMBEDDED(report_tg_json);
EMBEDDED(terminal_tg_json);
EMBEDDED(help_tg_json);
EMBEDDED(submission_tg_json);

/* What pages for people are made from, and the page that checks a bundle in a browser. */
EMBEDDED(report_mustache);
EMBEDDED(report_kind_mustache);
EMBEDDED(report_item_mustache);
EMBEDDED(report_left_out_mustache);
EMBEDDED(report_end_mustache);
EMBEDDED(report_timeline_mustache);
EMBEDDED(report_field_mustache);
EMBEDDED(report_value_mustache);
EMBEDDED(report_say_mustache);
EMBEDDED(report_say_in_chart_mustache);
EMBEDDED(report_css);
EMBEDDED(ohchr_communication_json);
EMBEDDED(hrd_json);
EMBEDDED(foaa_json);
EMBEDDED(submission_mustache);
EMBEDDED(submission_css);
EMBEDDED(VERIFY_html);

/* Words that people read out to each other, and those of shares. */
EMBEDDED(english_txt);
EMBEDDED(slip39_txt);

#endif
