#ifndef ECQ_PROCESSORS_H
#define ECQ_PROCESSORS_H

/// The number of processors in this process's affinity mask, or 0 where it cannot be read.
int ecq_available_processors(void);

#endif
