/* For the files of this room that make a file and must know that its name is on the disk too. */
#ifndef PARLEY_RECORD_SYNC_PARENT_H
#define PARLEY_RECORD_SYNC_PARENT_H

#include <string.h>

#include "base/disk.h"

/** Sync the directory that a path stands in.
 * @return 0; E_LIMIT if the path is too long; E_IO */
MUST_CHECK static inline int sync_parent(struct disk *disk, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	const size_t n = !slash ? 0 : slash == path ? 1 : (size_t)(slash - path);
	char dir[DISK_PATH_MAX] = ".";

	if (n >= sizeof(dir))
		return err_set(err, E_LIMIT, "%s: the path is too long", path);
	memcpy(dir, n > 0 ? path : ".", n > 0 ? n : 1);
	return disk->sync_dir(disk, dir, err);
}

#endif
