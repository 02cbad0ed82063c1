/* Connections that lead beyond this machine: who answers there goes by real time, and no schedule makes him
 * answer sooner.  Both runtimes have it. */
#ifndef BEYOND_H
#define BEYOND_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

enum { LOOPBACK_NET = 127 };

static inline bool is_beyond_v4(const void *bytes)
{
    uint32_t address;
    memcpy(&address, bytes, sizeof address);
    return address != INADDR_ANY && ntohl(address) >> 24 != LOOPBACK_NET;
}

/* Whether a connection of this socket to there leads to another machine.  A datagram socket is often
 * connected only to learn by which address one would be reached. */
static inline bool leads_beyond(int fd, const struct sockaddr *to, socklen_t length)
{
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) {
        return false;
    }
    if (length >= sizeof(struct sockaddr_in) && to->sa_family == AF_INET) {
        return is_beyond_v4(&((const struct sockaddr_in *)(const void *)to)->sin_addr);
    }
    if (length >= sizeof(struct sockaddr_in6) && to->sa_family == AF_INET6) {
        const struct in6_addr *address = &((const struct sockaddr_in6 *)(const void *)to)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(address)) {
            return is_beyond_v4(&address->s6_addr[12]);
        }
        return !IN6_IS_ADDR_LOOPBACK(address) && !IN6_IS_ADDR_UNSPECIFIED(address);
    }
    return false;
}

#endif
