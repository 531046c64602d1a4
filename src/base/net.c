/* The real network: local stream sockets. See net.h.
 *
 * A socket address holds 107 bytes of path only. So the directory is opened and
 * the socket is named "/proc/self/fd/N/name"; a name that is too long even for
 * that is bound under a short one and renamed.
 */
#include "base/net.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/disk.h"

#define BACKLOG 64
#define SEND_TIMEOUT_S 10 /* a peer that does not read must not hold this process for ever */

struct net_conn {
	int fd;
};

struct net_listener {
	int fd;
	int dir; /* the directory, open, so that a rename of it does not matter */
	char *name;
	dev_t device; /* what was made: stop() removes no other */
	ino_t inode;
};

/* Where a socket stands, taken apart. */
struct place {
	int dir;
	const char *name; /* borrowed from the path */
};

static int failed(int no, const char *verb, const char *path, struct err *err)
{
	if (no == EACCES || no == EPERM || no == EROFS)
		return err_set(err, E_DENIED, "cannot %s %s: %s", verb, path, strerrordesc_np(no));
	if (no == ENOSPC || no == EDQUOT)
		return err_set(err, E_FULL, "cannot %s %s: no space left on the disk", verb, path);
	if (no == ENOENT || no == ENOTDIR)
		return err_set(err, E_NOT_FOUND, "cannot %s %s: no such file or directory", verb, path);
	return err_set(err, E_IO, "cannot %s %s: %s", verb, path, strerrordesc_np(no));
}

static int64_t now_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The instant at which a wait ends; -1 is never. */
static int64_t deadline_after(int64_t timeout_ms)
{
	if (timeout_ms < 0)
		return -1;
	return timeout_ms > INT64_MAX / 2 ? INT64_MAX : now_ms() + timeout_ms;
}

/* Wait until fd can be read, for an hour at most: 1 it can, 0 not yet, -1 errno (EINTR too). */
static int wait_readable(int fd, int64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left = 3600000;

	if (deadline >= 0 && deadline - now_ms() < left)
		left = deadline - now_ms();
	return poll(&p, 1, left < 0 ? 0 : (int)left);
}

static int place_open(const char *path, int flags, struct place *ret, struct err *err)
{
	char dir[DISK_PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd;

	if (strlen(path) >= sizeof(dir))
		return err_set(err, E_LIMIT, "the socket path %s is too long", path);
	disk_parent(path, dir);
	fd = open(dir, flags | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return failed(errno, "open the directory of", path, err);
	*ret = (struct place){ fd, slash ? slash + 1 : path };
	return 0;
}

static bool address_of(int dir, const char *name, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	return snprintf(ret->sun_path, sizeof(ret->sun_path), "/proc/self/fd/%d/%s", dir, name) <
	       (int)sizeof(ret->sun_path);
}

static int new_socket(int flags)
{
	const struct timeval limit = { .tv_sec = SEND_TIMEOUT_S };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	return fd;
}

/* connect(2) by place. A name that fits no address is reached through a descriptor of the socket file itself.
 * Returns 0 or errno. */
static int connect_place(const struct place *at, int fd)
{
	struct sockaddr_un address;
	int file = -1, no = 0;

	if (!address_of(at->dir, at->name, &address)) {
		file = openat(at->dir, at->name, O_PATH | O_CLOEXEC | O_NOFOLLOW);
		if (file < 0)
			return errno;
		snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d", file);
	}
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
		no = errno;
	if (file >= 0)
		close(file);
	return no;
}

/* Bind by place, the file made 0600: Linux takes the mode of the descriptor, less the umask. */
static int bind_place(const struct place *at, int fd)
{
	struct sockaddr_un address;
	char brief[32];
	int no = 0;

	if (fchmod(fd, 0600) != 0)
		return errno;
	if (address_of(at->dir, at->name, &address))
		return bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : errno;
	snprintf(brief, sizeof(brief), ".socket-%ld", (long)getpid());
	if (!address_of(at->dir, brief, &address))
		return ENAMETOOLONG;
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
		return errno;
	if (renameat2(at->dir, brief, at->dir, at->name, RENAME_NOREPLACE) != 0) {
		no = errno;
		unlinkat(at->dir, brief, 0);
	}
	return no;
}

/* Remove a socket that nobody listens on any more; refuse if somebody does, or if the file is no socket. */
static int clear_stale(const struct place *at, const char *path, struct err *err)
{
	struct stat st;
	int fd, no;

	if (fstatat(at->dir, at->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : failed(errno, "look at", path, err);
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, E_EXISTS, "cannot listen on %s: another file has that name", path);
	fd = new_socket(SOCK_NONBLOCK);
	if (fd < 0)
		return failed(errno, "open a socket for", path, err);
	no = connect_place(at, fd);
	close(fd);
	if (no == 0 || no == EAGAIN)
		return err_set(err, E_LOCKED, "another program listens on %s already", path);
	if (no != ECONNREFUSED && no != ENOENT)
		return failed(no, "ask who listens on", path, err);
	if (unlinkat(at->dir, at->name, 0) != 0 && errno != ENOENT)
		return failed(errno, "remove the old socket", path, err);
	return 0;
}

/* Bind and listen. The directory is locked meanwhile: of two starters one would else remove the fresh socket of the
 * other. */
static int bind_and_listen(const struct place *at, int fd, const char *path, struct err *err)
{
	int no, rc;

	if (flock(at->dir, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK
			       ? err_set(err, E_LOCKED, "another program is starting to listen on %s", path)
			       : failed(errno, "lock the directory of", path, err);
	rc = clear_stale(at, path, err);
	no = rc == 0 ? bind_place(at, fd) : 0;
	if (rc == 0 && no == 0 && listen(fd, BACKLOG) != 0) {
		no = errno;
		unlinkat(at->dir, at->name, 0);
	}
	if (rc == 0 && no != 0)
		rc = failed(no, "listen on", path, err);
	flock(at->dir, LOCK_UN);
	return rc;
}

static int system_listen(struct net *net, const char *path, struct net_listener **ret, struct err *err)
{
	struct place at = { .dir = -1, .name = "" };
	struct net_listener *listener;
	struct stat st = { 0 };
	int fd = -1;
	int rc;

	(void)net;
	rc = place_open(path, O_RDONLY, &at, err);
	if (rc < 0)
		return rc;
	fd = new_socket(SOCK_NONBLOCK);
	if (fd < 0)
		rc = failed(errno, "open a socket for", path, err);
	else
		rc = bind_and_listen(&at, fd, path, err);
	if (rc == 0 && fstatat(at.dir, at.name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		rc = failed(errno, "look at", path, err);
	if (rc < 0) {
		if (fd >= 0)
			close(fd);
		close(at.dir);
		return rc;
	}
	listener = mem_alloc(sizeof(*listener));
	*listener = (struct net_listener){ fd, at.dir, mem_alloc(strlen(at.name) + 1), st.st_dev, st.st_ino };
	memcpy(listener->name, at.name, strlen(at.name));
	*ret = listener;
	return 0;
}

static struct net_conn *conn_new(int fd)
{
	struct net_conn *conn = mem_alloc(sizeof(*conn));

	conn->fd = fd;
	return conn;
}

static bool passed(int64_t deadline)
{
	return deadline >= 0 && now_ms() >= deadline;
}

/* A signal ends the wait early, as a time-out does, so that a server can look at what the signal asked for. */
static int system_accept(struct net *net, struct net_listener *listener, int64_t timeout_ms, struct net_conn **ret,
			 struct err *err)
{
	const struct timeval limit = { .tv_sec = SEND_TIMEOUT_S };
	const int64_t deadline = deadline_after(timeout_ms);
	int ready, fd;

	(void)net;
	for (;;) {
		ready = wait_readable(listener->fd, deadline);
		if (ready == 0 && !passed(deadline))
			continue; /* one poll waits an hour at most */
		if (ready == 0 || (ready < 0 && errno == EINTR)) {
			*ret = NULL;
			return 0;
		}
		fd = ready > 0 ? accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC) : -1;
		if (fd >= 0)
			break;
		if (errno != EAGAIN && errno != ECONNABORTED)
			return err_set(err, E_IO, "cannot accept a connection: %s", strerrordesc_np(errno));
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	*ret = conn_new(fd);
	return 0;
}

static int system_connect(struct net *net, const char *path, struct net_conn **ret, struct err *err)
{
	struct place at = { .dir = -1, .name = "" };
	int fd, no, rc;

	(void)net;
	rc = place_open(path, O_PATH, &at, err);
	if (rc < 0)
		return rc;
	fd = new_socket(0);
	if (fd < 0) {
		rc = failed(errno, "open a socket for", path, err);
		close(at.dir);
		return rc;
	}
	no = connect_place(&at, fd);
	close(at.dir);
	if (no == 0) {
		*ret = conn_new(fd);
		return 0;
	}
	close(fd);
	if (no == ECONNREFUSED || no == ENOENT || no == ENOTSOCK)
		return err_set(err, E_NOT_FOUND, "nobody listens on %s", path);
	if (no == EAGAIN)
		return err_set(err, E_IO, "who listens on %s does not answer", path);
	return failed(no, "connect to", path, err);
}

static bool system_same_user(struct net *net, struct net_conn *conn)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);

	(void)net;
	return getsockopt(conn->fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 && n == sizeof(peer) &&
	       peer.uid == geteuid();
}

static int system_send(struct net *net, struct net_conn *conn, const void *p, size_t n, struct err *err)
{
	const uint8_t *from = p;
	size_t done = 0;

	(void)net;
	while (done < n) {
		const ssize_t put = send(conn->fd, from + done, n - done, MSG_NOSIGNAL);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EAGAIN)
			return err_set(err, E_IO, "the other side does not read what it is sent");
		if (put < 0)
			return err_set(err, E_IO, "cannot send: %s", strerrordesc_np(errno));
		done += (size_t)put;
	}
	return 0;
}

static int system_recv(struct net *net, struct net_conn *conn, void *out, size_t n, int64_t timeout_ms, struct err *err)
{
	const int64_t deadline = deadline_after(timeout_ms);
	uint8_t *to = out;
	size_t done = 0;

	(void)net;
	while (done < n) {
		const int ready = wait_readable(conn->fd, deadline);
		ssize_t got = -1;

		if (ready > 0)
			got = recv(conn->fd, to + done, n - done, MSG_DONTWAIT);
		if (ready == 0 && passed(deadline))
			return err_set(err, E_IO, "the other side does not answer in time");
		if (ready == 0 || (got < 0 && (errno == EINTR || errno == EAGAIN)))
			continue;
		if (got < 0)
			return err_set(err, E_IO, "cannot receive: %s", strerrordesc_np(errno));
		if (got == 0)
			return err_set(err, E_IO, "the other side closed the connection");
		done += (size_t)got;
	}
	return 0;
}

static void system_close(struct net *net, struct net_conn *conn)
{
	(void)net;
	if (!conn)
		return;
	close(conn->fd);
	free(conn);
}

static void system_stop(struct net *net, struct net_listener *listener)
{
	struct stat st;

	(void)net;
	if (!listener)
		return;
	if (fstatat(listener->dir, listener->name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_dev == listener->device &&
	    st.st_ino == listener->inode)
		unlinkat(listener->dir, listener->name, 0);
	close(listener->fd);
	close(listener->dir);
	free(listener->name);
	free(listener);
}

struct net *net_system(void)
{
	static struct net net = {
		.listen_local = system_listen,
		.accept = system_accept,
		.connect_local = system_connect,
		.same_user = system_same_user,
		.send = system_send,
		.recv = system_recv,
		.close = system_close,
		.stop = system_stop,
	};

	return &net;
}
