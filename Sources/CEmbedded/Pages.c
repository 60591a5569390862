#include "CEmbeddedDefinition.h"

BEGIN(report_mustache)
#embed "../EvidenceReport/Templates/report.mustache"
END(report_mustache)

BEGIN(report_kind_mustache)
#embed "../EvidenceReport/Templates/report-kind.mustache"
END(report_kind_mustache)

BEGIN(report_item_mustache)
#embed "../EvidenceReport/Templates/report-item.mustache"
END(report_item_mustache)

BEGIN(report_left_out_mustache)
#embed "../EvidenceReport/Templates/report-left-out.mustache"
END(report_left_out_mustache)

BEGIN(report_end_mustache)
#embed "../EvidenceReport/Templates/report-end.mustache"
END(report_end_mustache)

BEGIN(report_timeline_mustache)
#embed "../EvidenceReport/Templates/report-timeline.mustache"
END(report_timeline_mustache)

BEGIN(report_field_mustache)
#embed "../EvidenceReport/Templates/report-field.mustache"
END(report_field_mustache)

BEGIN(report_value_mustache)
#embed "../EvidenceReport/Templates/report-value.mustache"
END(report_value_mustache)

BEGIN(report_say_mustache)
#embed "../EvidenceReport/Templates/report-say.mustache"
END(report_say_mustache)

BEGIN(report_say_in_chart_mustache)
#embed "../EvidenceReport/Templates/report-say-in-chart.mustache"
END(report_say_in_chart_mustache)

BEGIN(report_css)
#embed "../EvidenceReport/Templates/report.css"
END(report_css)

BEGIN(ohchr_communication_json)
#embed "../EvidenceReport/Templates/ohchr-communication.json"
END(ohchr_communication_json)

BEGIN(hrd_json)
#embed "../EvidenceReport/Templates/hrd.json"
END(hrd_json)

BEGIN(foaa_json)
#embed "../EvidenceReport/Templates/foaa.json"
END(foaa_json)

BEGIN(submission_mustache)
#embed "../EvidenceReport/Templates/submission.mustache"
END(submission_mustache)

BEGIN(submission_css)
#embed "../EvidenceReport/Templates/submission.css"
END(submission_css)

BEGIN(VERIFY_html)
#embed "../../tools/VERIFY.html"
END(VERIFY_html)
