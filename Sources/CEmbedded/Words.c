#include "CEmbeddedDefinition.h"

BEGIN(english_txt)
#embed "../../Vault/words/english.txt"
END(english_txt)

BEGIN(slip39_txt)
#embed "../SecretSharing/Words/slip39.txt"
END(slip39_txt)
