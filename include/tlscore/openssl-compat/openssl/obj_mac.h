#include "../../openssl_compat.h"
