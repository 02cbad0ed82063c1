/* The log of a controlled run: one record a line, buffered.  The file is opened only to be written
 * to, so the program under test sees no descriptor that a plain run would not have. */
#include "controlled.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_SIZE = 1 << 16, RECORD_SIZE = 512 };

static const char *log_path; /* NULL: no log is kept */
static int how = O_TRUNC;    /* what is there is no log of ours */
static char buffer[BUFFER_SIZE];
static size_t used;

static void write_all(int descriptor)
{
    size_t done = 0;
    while (done < used) {
        ssize_t count = REAL(write)(descriptor, buffer + done, used - done);
        if (count <= 0) {
            return;
        }
        done += (size_t)count;
    }
}

static void flush(void)
{
    if (log_path == NULL) {
        return;
    }
    int descriptor = open(log_path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0644);
    how = O_APPEND;
    if (descriptor >= 0) {
        write_all(descriptor);
        close(descriptor);
    }
    used = 0;
}

static void append(const char *text, size_t length)
{
    if (used + length > BUFFER_SIZE) {
        flush();
    }
    memcpy(buffer + used, text, length);
    used += length;
}

static void append_number(uint64_t number)
{
    char digits[20];
    size_t start = sizeof digits;
    do {
        digits[--start] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    append(digits + start, sizeof digits - start);
}

void log_open(const char *path, bool is_asked)
{
    log_path = path;
    if (!is_asked) {
        flush();
    }
}

void log_close(void)
{
    flush();
    log_path = NULL;
}

void log_abandon(void)
{
    log_path = NULL;
    used = 0;
}

static off_t length_before_exec;

bool log_end_before_exec(void)
{
    if (!controlled() || log_path == NULL) {
        return false;
    }
    log_record("uncontrolled exec");
    flush();
    int descriptor = open(log_path, O_RDONLY | O_CLOEXEC);
    length_before_exec = lseek(descriptor, 0, SEEK_END);
    close(descriptor);
    log_end("exit");
    flush();
    return true;
}

void log_go_on(void)
{
    if (truncate(log_path, length_before_exec) != 0) {
        log_abandon();
    }
}

void log_text(const char *text)
{
    if (log_path != NULL) {
        append(text, strlen(text));
    }
}

void log_record(const char *format, ...)
{
    if (log_path == NULL) {
        return;
    }
    char record[RECORD_SIZE];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(record, sizeof record - 1, format, values);
    va_end(values);
    if (length > RECORD_SIZE - 2) {
        length = RECORD_SIZE - 2;
    }
    record[length] = '\n';
    append(record, (size_t)length + 1);
}

/* By hand rather than by log_record: the commonest record, and of any length. */
void log_decision(const Decision *decision, const Thread *from, const Thread *chosen, char how)
{
    if (log_path == NULL) {
        return;
    }
    append("d ", 2);
    append_number(decision->number);
    append(" ", 1);
    append_number((uint64_t)from->number);
    append(" ", 1);
    append_number((uint64_t)chosen->number);
    for (int i = 0; i < decision->count; i++) {
        append(i == 0 ? " " : ",", 1);
        append_number((uint64_t)decision->runnable[i]->number);
    }
    char last[] = {' ', how, '\n'};
    append(last, sizeof last);
}
