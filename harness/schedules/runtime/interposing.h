/* Standing in front of the C library's functions, as both runtimes do. */
#ifndef INTERPOSING_H
#define INTERPOSING_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <stddef.h>

/* The library is compiled with hidden visibility; what replaces a C library function is not. */
#define INTERPOSED __attribute__((visibility("default")))

/* The C library's own function of this name, found once. */
#define REAL(name)                                                                                 \
    ({                                                                                             \
        static __typeof__(&name) found;                                                            \
        if (found == NULL) {                                                                       \
            found = (__typeof__(&name))dlsym(RTLD_NEXT, #name);                                    \
        }                                                                                          \
        found;                                                                                     \
    })

#endif
