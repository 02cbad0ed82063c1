/* What a search asks of a run whose steps it is told (Branch.request in dpor.py): who sleeps, and what wakes
 * them.  Both runtimes have it, each a copy of its own: that of Rust programs, and that under CPython. */
#ifndef QUESTION_H
#define QUESTION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TOUCHES = 512, MOST_SLEEPERS = 64, MOST_OF_SLEEPER = 64 };
enum { NOT_DOWN = -1 }; /* of a count: it went up */

typedef struct {
    char kind; /* as dependence.py has them */
    uint64_t object;
    int64_t left; /* of a count that went down: so many */
} Touch;

typedef struct {
    int thread;
    int count;
    Touch touches[MOST_OF_SLEEPER]; /* of its next step */
} Sleeper;

typedef struct {
    uint64_t from; /* the decision of the first step that may wake somebody */
    bool lines_commute;
    bool for_nothing; /* one wait may end, or one exchange fail, for nothing */
    int count;
    Sleeper sleepers[MOST_SLEEPERS];
} Question;

static inline const char *parse_touch(const char *text, Touch *touch)
{
    char *end = (char *)text + 1;
    *touch = (Touch){.kind = *text, .left = NOT_DOWN};
    if (*end == ':') {
        touch->object = strtoull(end + 1, &end, 16);
    }
    if (*end == ':') {
        touch->left = strtoll(end + 1, &end, 10);
    }
    return *end == ',' ? end + 1 : end;
}

/* "14ls;2=w:5f0,r:5f8;…"; says whether there was room for all of it. */
static inline bool question_parse(Question *question, const char *text)
{
    char *end;
    question->from = strtoull(text, &end, 10);
    question->lines_commute = *end == 'l';
    end += question->lines_commute;
    question->for_nothing = *end == 's';
    end += question->for_nothing;
    while (*end == ';') {
        if (question->count == MOST_SLEEPERS) {
            return false;
        }
        Sleeper *sleeper = &question->sleepers[question->count++];
        sleeper->thread = (int)strtol(end + 1, &end, 10);
        const char *at = end + (*end == '=');
        while (*at != '\0' && *at != ';') {
            if (sleeper->count == MOST_OF_SLEEPER) {
                return false;
            }
            at = parse_touch(at, &sleeper->touches[sleeper->count++]);
        }
        end = (char *)at;
    }
    return *end == '\0';
}

/* Whether `after` does not commute with `before`, which was known earlier: dependence.py has the same. */
static inline bool depend(const Touch *before, const Touch *after)
{
    if (strchr("ej!", before->kind) != NULL || strchr("ej!", after->kind) != NULL) {
        return false;
    }
    if (before->kind == '*' || after->kind == '*') {
        return true;
    }
    if (before->object != after->object) {
        return false;
    }
    if (before->kind == 'n' && after->kind == 'n') {
        return after->left != NOT_DOWN && after->left <= 1;
    }
    return before->kind != 'r' || after->kind != 'r';
}

static inline bool is_woken(const Sleeper *sleeper, const Touch *touches, int count)
{
    for (int i = 0; i < sleeper->count; i++) {
        for (int j = 0; j < count; j++) {
            if (depend(&sleeper->touches[i], &touches[j])) {
                return true;
            }
        }
    }
    return false;
}

static inline bool question_holds(const Question *question, uint64_t decisions)
{
    return decisions > question->from;
}

static inline bool question_has_asleep(const Question *question, int thread, uint64_t decisions)
{
    for (int i = 0; question_holds(question, decisions) && i < question->count; i++) {
        if (question->sleepers[i].thread == thread) {
            return true;
        }
    }
    return false;
}

/* A step that ends after so many decisions, and touches this, wakes whoever depends on it. */
static inline void question_wake(Question *question, uint64_t decisions, const Touch *touches,
                                 int count)
{
    for (int i = 0; question_holds(question, decisions) && i < question->count; i++) {
        if (is_woken(&question->sleepers[i], touches, count)) {
            question->sleepers[i--] = question->sleepers[--question->count];
        }
    }
}

#endif
