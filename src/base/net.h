/* The network: what Parley uses of it, behind one table.
 *
 * Today that is one local stream socket per home, through which commands ask the
 * unlock agent for the root key. Socket paths of any length work.
 *
 * Threads: as the env. Memory: a net_conn and a net_listener are owned by who opened them.
 */
#ifndef PARLEY_BASE_NET_H
#define PARLEY_BASE_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct net_conn;
struct net_listener;

struct net {
	/* Listen on a socket file made 0600; a socket left behind by a dead process is replaced, a living one is E_LOCKED. */
	int (*listen_local)(struct net *net, const char *path, struct net_listener **ret, struct err *err);
	/* Wait at most timeout_ms (-1: for ever) for a connection; *ret is NULL after a time-out or a signal. */
	int (*accept)(struct net *net, struct net_listener *listener, int64_t timeout_ms, struct net_conn **ret,
		      struct err *err);
	/* E_NOT_FOUND if nobody listens there. */
	int (*connect_local)(struct net *net, const char *path, struct net_conn **ret, struct err *err);
	/* True if the process at the other end runs under the same user. */
	bool (*same_user)(struct net *net, struct net_conn *conn);
	int (*send)(struct net *net, struct net_conn *conn, const void *p, size_t n, struct err *err); /* all or E_IO */
	/* Receive exactly n bytes; E_IO when the peer closes before, or after timeout_ms. */
	int (*recv)(struct net *net, struct net_conn *conn, void *out, size_t n, int64_t timeout_ms, struct err *err);
	void (*close)(struct net *net, struct net_conn *conn);        /* NULL is fine */
	void (*stop)(struct net *net, struct net_listener *listener); /* removes the socket file; NULL is fine */
};

/** The real network. One static object. */
struct net *net_system(void);

#endif
