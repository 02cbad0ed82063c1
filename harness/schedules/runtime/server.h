/* What a run is asked for, and a server that forks a process for each run: for both runtimes. */
#ifndef SERVER_H
#define SERVER_H

#include <stdbool.h>

/* What HARNESS_SCHEDULE_REQUEST, whose value is `place`, leads to: "NAME=value" a line.
 *
 * It names a file, or is "server:N" for a process that has come as far as its runs have in
 * common.  It serves on descriptor N then, and returns only in the children that it makes, each with a
 * request of its own.  Where it cannot serve (`fit` is false, it has other threads or files that its
 * children would share) it says so and ends. */
char *request_take(const char *place, bool fit);

#endif
