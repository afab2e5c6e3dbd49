#define _GNU_SOURCE
#include "CSandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

// Of linux/landlock.h, which older systems have without the newer rights. The numbers are the same on all architectures.
enum { create_ruleset = 444, add_rule = 445, restrict_self = 446, ask_version = 1, path_beneath = 1, net_port = 2 };

enum {
    execute = 1 << 0,
    write_file = 1 << 1,
    read_file = 1 << 2,
    read_folder = 1 << 3,
    remove_file = 1 << 5,
    make_file = 1 << 8,
    make_socket = 1 << 9,
    truncate_file = 1 << 14,
    // By version: 13 rights, then moving between folders, truncation, and commands to devices.
    rights_1 = (1 << 13) - 1,
    rights_2 = (1 << 14) - 1,
    rights_3 = (1 << 15) - 1,
    rights_5 = (1 << 16) - 1,
    // The rights that a file can have, as opposed to a folder.
    rights_of_files = execute | write_file | read_file | truncate_file,
};

enum { bind_tcp = 1 << 0, connect_tcp = 1 << 1, abstract_sockets = 1 << 0, signals = 1 << 1 };

struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scope;
};

struct path_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

struct port_rule {
    uint64_t allowed;
    uint64_t port;
};

int gsb_landlock_version(void) {
    long version = syscall(create_ruleset, NULL, (size_t)0, ask_version);
    return version > 0 ? (int)version : 0;
}

static uint64_t rights(int rights, int version) {
    uint64_t allowed = 0;
    if (rights & gsb_read) allowed |= read_file | read_folder;
    if (rights & gsb_execute) allowed |= execute | read_file | read_folder;
    if (rights & gsb_write) allowed |= write_file | truncate_file;
    if (rights & gsb_make) allowed |= write_file | truncate_file | make_file | make_socket | remove_file;
    return version < 3 ? allowed & ~(uint64_t)truncate_file : allowed;
}

static int allow(int ruleset, const gsb_rule *rule, int version) {
    int folder = open(rule->path, O_PATH | O_CLOEXEC);
    if (folder < 0) return errno == ENOENT || errno == EACCES || errno == ENOTDIR ? 0 : errno;
    struct stat status;
    int failure = fstat(folder, &status) ? errno : 0;
    if (!failure) {
        uint64_t allowed = rights(rule->rights, version);
        if (!S_ISDIR(status.st_mode)) allowed &= rights_of_files;
        struct path_rule made = {.allowed = allowed, .parent = folder};
        if (allowed && syscall(add_rule, ruleset, path_beneath, &made, 0)) failure = errno;
    }
    close(folder);
    return failure;
}

int gsb_restrict(const gsb_rule *rules, size_t count, int port) {
    int version = gsb_landlock_version();
    if (!version) return ENOSYS;
    struct ruleset wanted = {
        .files = version >= 5 ? rights_5 : version >= 3 ? rights_3 : version == 2 ? rights_2 : rights_1,
        .network = version >= 4 ? bind_tcp | connect_tcp : 0,
        .scope = version >= 6 ? abstract_sockets | signals : 0,
    };
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    int ruleset = (int)syscall(create_ruleset, &wanted, size, 0);
    if (ruleset < 0) return errno;
    int failure = 0;
    for (size_t i = 0; !failure && i < count; i++) failure = allow(ruleset, &rules[i], version);
    if (!failure && port && version >= 4) {
        struct port_rule made = {.allowed = bind_tcp, .port = (uint64_t)port};
        if (syscall(add_rule, ruleset, net_port, &made, 0)) failure = errno;
    }
    if (!failure && syscall(restrict_self, ruleset, 0)) failure = errno;
    close(ruleset);
    return failure;
}

static void drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {{0}};
    if (syscall(SYS_capget, &header, sets)) return;
    // The bounding set is what root has after it starts a program.
    for (int capability = 0; capability < 64; capability++) {
        if (capability != CAP_DAC_OVERRIDE) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
    uint32_t kept = sets[0].permitted & (1u << CAP_DAC_OVERRIDE);
    sets[0] = (struct __user_cap_data_struct){.effective = kept, .permitted = kept};
    sets[1] = (struct __user_cap_data_struct){0};
    syscall(SYS_capset, &header, sets);
}

int gsb_renounce_privileges(void) {
    drop_capabilities();
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? errno : 0;
}

static void limit(__rlimit_resource_t resource, rlim_t most) {
    struct rlimit now;
    if (getrlimit(resource, &now)) return;
    if (now.rlim_max < most) most = now.rlim_max;
    struct rlimit next = {.rlim_cur = most, .rlim_max = most};
    setrlimit(resource, &next);
}

void gsb_limit(size_t memory, size_t descriptors) {
    // Not RLIMIT_AS: the address space of a runtime with many threads is mostly reserved and never used.
    limit(RLIMIT_DATA, memory);
    limit(RLIMIT_NOFILE, descriptors);
    limit(RLIMIT_CORE, 0);
}

typedef struct {
    void (*each)(const char *, void *);
    void *context;
} visitor;

static int visit(struct dl_phdr_info *library, size_t size, void *argument) {
    (void)size;
    visitor *to = argument;
    if (library->dlpi_name && library->dlpi_name[0] == '/') to->each(library->dlpi_name, to->context);
    return 0;
}

void gsb_each_library(void (*each)(const char *path, void *context), void *context) {
    visitor to = {each, context};
    dl_iterate_phdr(visit, &to);
}

static int is_supervision(int descriptor) {
    struct sockaddr_un own, peer;
    socklen_t own_size = sizeof own, peer_size = sizeof peer;
    if (getsockname(descriptor, (struct sockaddr *)&own, &own_size)) return 0;
    if (getpeername(descriptor, (struct sockaddr *)&peer, &peer_size)) return 0;
    return own.sun_family == AF_UNIX && own_size == sizeof own.sun_family && peer_size == sizeof peer.sun_family;
}

void gsb_close_on_exec(void) {
    DIR *folder = opendir("/proc/self/fd");
    if (!folder) return;
    int is_kept = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        int descriptor = atoi(entry->d_name);
        if (descriptor < 3) continue;
        int flags = fcntl(descriptor, F_GETFD);
        if (flags < 0 || flags & FD_CLOEXEC) continue;
        if (!is_kept && is_supervision(descriptor)) {
            is_kept = 1;
            continue;
        }
        fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC);
    }
    closedir(folder);
}
