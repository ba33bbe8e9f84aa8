#ifndef ECQ_CKERNELS_H
#define ECQ_CKERNELS_H

// The little C that Swift cannot say: one header for each concern.
#include "blend.h"
#include "boosting.h"
#include "choose.h"
#include "compare.h"
#include "count.h"
#include "csv.h"
#include "distances.h"
#include "divide.h"
#include "expand.h"
#include "files.h"
#include "frame.h"
#include "heap.h"
#include "linear.h"
#include "narrow.h"
#include "planes.h"
#include "processors.h"
#include "spans.h"

#endif
