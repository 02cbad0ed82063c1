/* The kernel's own code for clocks, which it maps into each process.  Some programs (rustix) find
 * it by themselves and call it past the C library: its entries are led to our functions.  The pages
 * that are written to are this process's own copy; where the kernel forbids that, these clocks stay
 * real. */
#include "controlled.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#ifdef __x86_64__

enum { PAGE = 4096 };

typedef struct {
    const char *name;
    void *ours;
} Replaced;

static int clock_getres_exactly(clockid_t clock, struct timespec *resolution)
{
    (void)clock;
    if (resolution != NULL) {
        *resolution = (struct timespec){.tv_nsec = 1};
    }
    return 0;
}

/* As a debugger sets a breakpoint: from Linux 6.18 on the pages' protection cannot be changed any
 * more (seen on x86-64: EINVAL), but they can be written to by this file. */
static void write_as_debugger(unsigned char *to, const void *bytes, size_t size)
{
    long memory = REAL(syscall)(SYS_openat, AT_FDCWD, "/proc/self/mem", O_WRONLY | O_CLOEXEC);
    if (memory >= 0) {
        REAL(syscall)(SYS_pwrite64, memory, bytes, size, (long)(uintptr_t)to);
        REAL(syscall)(SYS_close, memory);
    }
}

static void lead(unsigned char *code, void *ours)
{
    unsigned char jump[12] = {0x48, 0xb8, [10] = 0xff, 0xe0}; /* mov rax, ours; jmp rax */
    memcpy(jump + 2, &ours, sizeof ours);
    uintptr_t first = (uintptr_t)code & ~(uintptr_t)(PAGE - 1);
    uintptr_t last = ((uintptr_t)code + sizeof jump - 1) & ~(uintptr_t)(PAGE - 1);
    size_t size = last - first + PAGE;
    if (mprotect((void *)first, size, PROT_READ | PROT_WRITE | PROT_EXEC) == 0) {
        memcpy(code, jump, sizeof jump);
        mprotect((void *)first, size, PROT_READ | PROT_EXEC);
    } else {
        write_as_debugger(code, jump, sizeof jump);
    }
}

static void lead_if_replaced(const char *name, unsigned char *code)
{
    const Replaced replaced[] = {
        {"__vdso_clock_gettime", (void *)clock_gettime},
        {"__vdso_gettimeofday", (void *)gettimeofday},
        {"__vdso_time", (void *)time},
        {"__vdso_clock_getres", (void *)clock_getres_exactly},
    };
    for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++) {
        if (strcmp(name, replaced[i].name) == 0) {
            lead(code, replaced[i].ours);
        }
    }
}

typedef struct {
    uintptr_t moved; /* from where it was linked to where it is mapped */
    const ElfW(Dyn) * dynamic;
} Image;

static Image image_at(const char *base)
{
    const ElfW(Ehdr) *head = (const void *)base;
    const ElfW(Phdr) *parts = (const void *)(base + head->e_phoff);
    Image image = {0};
    for (int i = 0; i < head->e_phnum; i++) {
        if (parts[i].p_type == PT_LOAD) {
            image.moved = (uintptr_t)base + parts[i].p_offset - parts[i].p_vaddr;
        } else if (parts[i].p_type == PT_DYNAMIC) {
            image.dynamic = (const void *)(base + parts[i].p_offset);
        }
    }
    return image;
}

static const void *dynamic_entry(const Image *image, ElfW(Sxword) tag)
{
    for (const ElfW(Dyn) *entry = image->dynamic; entry != NULL && entry->d_tag != DT_NULL;
         entry++) {
        if (entry->d_tag == tag) {
            return (const void *)(image->moved + entry->d_un.d_ptr);
        }
    }
    return NULL;
}

void vdso_replace(void)
{
    static bool is_replaced;
    const char *base = (const char *)getauxval(AT_SYSINFO_EHDR);
    if (base == NULL || is_replaced) {
        return;
    }
    is_replaced = true;
    Image image = image_at(base);
    const char *names = dynamic_entry(&image, DT_STRTAB);
    const ElfW(Sym) *symbol = dynamic_entry(&image, DT_SYMTAB);
    /* The table of symbols ends where that of their names begins. */
    for (; symbol != NULL && (const char *)symbol < names; symbol++) {
        if (symbol->st_value != 0) {
            lead_if_replaced(names + symbol->st_name,
                             (unsigned char *)(image.moved + symbol->st_value));
        }
    }
}

#else

void vdso_replace(void) {}

#endif
