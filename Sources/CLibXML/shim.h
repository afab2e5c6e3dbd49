#pragma once

#include <libxml/xmlversion.h>
// Debian's libxml2 shows ICU's headers to who includes it; the Swift toolchain has its own ICU, and a module cannot have both.
#undef LIBXML_ICU_ENABLED
#include <libxml/xmlreader.h>
