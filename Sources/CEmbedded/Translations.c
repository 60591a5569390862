#include "CEmbeddedDefinition.h"

BEGIN(report_ru_json)
#embed "../Wording/Translations/report.ru.json"
END(report_ru_json)

BEGIN(terminal_ru_json)
#embed "../Wording/Translations/terminal.ru.json"
END(terminal_ru_json)

BEGIN(help_ru_json)
#embed "../Wording/Translations/help.ru.json"
END(help_ru_json)

BEGIN(submission_ru_json)
#embed "../Wording/Translations/submission.ru.json"
END(submission_ru_json)

BEGIN(report_tg_json)
#embed "../Wording/Translations/report.tg.json"
END(report_tg_json)

BEGIN(terminal_tg_json)
#embed "../Wording/Translations/terminal.tg.json"
END(terminal_tg_json)

BEGIN(help_tg_json)
#embed "../Wording/Translations/help.tg.json"
END(help_tg_json)

BEGIN(submission_tg_json)
#embed "../Wording/Translations/submission.tg.json"
END(submission_tg_json)
