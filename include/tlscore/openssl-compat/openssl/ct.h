#include "../libcrypto.h"
