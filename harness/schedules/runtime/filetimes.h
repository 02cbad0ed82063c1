/* The times of files, by virtual time: for both runtimes. */
#ifndef FILETIMES_H
#define FILETIMES_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

/* A run begins: what files are like by now is as old as they say. */
void file_times_begin(void);

/* A file was written by this descriptor, or is new; returns what it was given. */
ssize_t file_written(int fd, ssize_t result);

/* Opens a file, by `openat` or its like; one that is made or emptied by that has changed now. */
int file_open(int (*openat)(int, const char *, int, ...), int directory, const char *path,
              int flags, mode_t permissions);

/* --- what each runtime answers --------------------------------------------------------------- */

/* Whether the caller's time is virtual. */
bool file_times_are_virtual(void);
/* What the calendar's clock shows; no reading of the program's. */
struct timespec file_time_now(void);
/* The program is shown a moment of this run. */
void file_time_is_shown(void);

#endif
