/* What is kept of memory, by pages of eight bytes each, and what is forgotten as it is given back. */
#include "memory.h"

#include <malloc.h>
#include <sys/mman.h>

enum {
    PAGE = 4096,
    GRANULES = PAGE / 8,
    PAGES = 1 << 14, /* places for pages; half as many can be followed */
};

typedef struct {
    Granule granules[GRANULES];
} Page;

typedef struct {
    uintptr_t number; /* 0: an empty place */
    Page *page;
} Entry;

extern void __libc_free(void *block);
extern void *__libc_realloc(void *block, size_t size);

static Entry entries[PAGES];
static int entry_count;
static Entry latest; /* most accesses are to the page of the last */

/* Neighbours are neighbours: a stack is looked up page by page. */
static Entry *entry_of(uintptr_t number)
{
    size_t at = number % PAGES;
    while (entries[at].number != 0 && entries[at].number != number) {
        at = (at + 1) % PAGES;
    }
    return &entries[at];
}

/* A page for an empty place; gives up following memory, for good,
 * where there is no room for one. */
static Page *make_page(Entry *entry, uintptr_t number)
{
    Page *page = entry_count < PAGES / 2 ? room_for(sizeof *page) : NULL;
    if (page == NULL) {
        memory_give_up();
        return NULL;
    }
    entry_count++;
    *entry = (Entry){.number = number, .page = page};
    return page;
}

static Page *page_at(uintptr_t number, bool make)
{
    if (latest.number == number) {
        return latest.page;
    }
    Entry *entry = entry_of(number);
    if (entry->number == 0 && (!make || make_page(entry, number) == NULL)) {
        return NULL;
    }
    latest = *entry;
    return entry->page;
}

Granule *granule_at(const void *address, bool make)
{
    uintptr_t place = (uintptr_t)address;
    Page *page = page_at(place / PAGE, make);
    return page != NULL ? &page->granules[place % PAGE / 8] : NULL;
}

/* --- memory that is given back ------------------------------------------------------------ */

static void forget(Granule *granule)
{
    while (granule->locations != NULL) {
        Location *location = granule->locations;
        granule->locations = location->next;
        location_forget(location);
    }
    for (int i = 0; i < CELLS; i++) {
        granule->cells[i].epoch = 0;
    }
}

void memory_forget(const void *start, size_t size)
{
    uintptr_t at = (uintptr_t)start / 8 * 8, end = (uintptr_t)start + size;
    while (at < end) {
        Page *page = page_at(at / PAGE, false);
        uintptr_t page_end = (at / PAGE + 1) * PAGE;
        for (; at < end && at < page_end && page != NULL; at += 8) {
            forget(&page->granules[at % PAGE / 8]);
        }
        at = page != NULL ? at : page_end;
    }
}

/* To free is to write: whoever has used the block has to come before. */
static void give_back(void *block, const void *return_address)
{
    size_t size = malloc_usable_size(block);
    if (settings.races && granule_at(block, false) != NULL) {
        races_check(block, size, WRITES, return_address);
    }
    memory_forget(block, size);
}

/* Weak, as a library that is linked into the program may have functions of its own. */
__attribute__((weak, visibility("default"))) void free(void *block);
__attribute__((weak, visibility("default"))) void *realloc(void *block, size_t size);

__attribute__((weak, visibility("default"))) void free(void *block)
{
    if (block != NULL) {
        words_freed(block);
        if (memory_followed()) {
            give_back(block, __builtin_return_address(0));
        }
    }
    __libc_free(block);
}

__attribute__((weak, visibility("default"))) void *realloc(void *block, size_t size)
{
    if (block == NULL || !memory_followed()) {
        return __libc_realloc(block, size);
    }
    size_t old_size = malloc_usable_size(block);
    void *moved = __libc_realloc(block, size);
    if (moved != block && moved != NULL) {
        memory_forget(block, old_size);
    }
    return moved;
}

INTERPOSED int munmap(void *start, size_t size)
{
    if (memory_followed()) {
        memory_forget(start, size);
    }
    return REAL(munmap)(start, size);
}
