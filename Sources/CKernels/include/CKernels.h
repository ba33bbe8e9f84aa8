#ifndef ECQ_CKERNELS_H
#define ECQ_CKERNELS_H

// The little C that Swift cannot say: one header for each concern.
#include "csv.h"
#include "spans.h"
#include "expand.h"
#include "planes.h"
#include "heap.h"
#include "processors.h"

#endif
