#include "CEmbeddedDefinition.h"

BEGIN(testimony_json)
#embed "../../Vault/schema/testimony.json"
END(testimony_json)

BEGIN(document_json)
#embed "../../Vault/schema/document.json"
END(document_json)

BEGIN(dissolution_case_json)
#embed "../../Vault/schema/dissolution_case.json"
END(dissolution_case_json)

BEGIN(pressure_event_json)
#embed "../../Vault/schema/pressure_event.json"
END(pressure_event_json)

BEGIN(person_json)
#embed "../../Vault/schema/person.json"
END(person_json)

BEGIN(translation_json)
#embed "../../Vault/schema/translation.json"
END(translation_json)

BEGIN(recipient_json)
#embed "../../Vault/schema/recipient.json"
END(recipient_json)

BEGIN(recipient_revoked_json)
#embed "../../Vault/schema/recipient_revoked.json"
END(recipient_revoked_json)

BEGIN(export_json)
#embed "../../Vault/schema/export.json"
END(export_json)

BEGIN(disclosure_json)
#embed "../../Vault/schema/disclosure.json"
END(disclosure_json)

BEGIN(withdrawal_json)
#embed "../../Vault/schema/withdrawal.json"
END(withdrawal_json)

BEGIN(custody_json)
#embed "../../Vault/schema/custody.json"
END(custody_json)

BEGIN(receipt_json)
#embed "../../Vault/schema/receipt.json"
END(receipt_json)

BEGIN(salvage_json)
#embed "../../Vault/schema/salvage.json"
END(salvage_json)

BEGIN(recovery_json)
#embed "../../Vault/schema/recovery.json"
END(recovery_json)

BEGIN(intake_json)
#embed "../../Vault/schema/intake.json"
END(intake_json)

BEGIN(intake_revoked_json)
#embed "../../Vault/schema/intake_revoked.json"
END(intake_revoked_json)

BEGIN(collection_json)
#embed "../../Vault/schema/collection.json"
END(collection_json)

BEGIN(readers_json)
#embed "../../Vault/schema/readers.json"
END(readers_json)

BEGIN(reseal_json)
#embed "../../Vault/schema/reseal.json"
END(reseal_json)

BEGIN(signing_key_json)
#embed "../../Vault/schema/signing_key.json"
END(signing_key_json)
